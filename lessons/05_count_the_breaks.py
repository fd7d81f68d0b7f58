"""Lesson 5 · Count the breaks

Six rows in batches of four: the second batch of every epoch holds only two, and divides by two.
An epoch is once through the rows; a commit is one break of the banks. They are not the same number.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     Six rows, batches of four, three epochs: how often do the banks break?
# RUN         python lessons/05_count_the_breaks.py

run = Run(
    Network(Dense(1, 1, weights=0, bias=False)),
    data=([1, 1, 1, 1, 1, 1], [4, 4, 4, 4, 8, 8]),  # four rows want 4, two want 8
    rule=SGD(learning_rate=1 / 2),
    batch_size=4,  #                                  4 and then the 2 that are left
)

BREAKS = (
    Choice("3", "That counts the epochs. Each has two breaks."),
    Choice("4", "The rows that are left break their bank too, in every epoch."),
    Choice("6"),
    Choice("18", "| That counts the coins, six in every epoch."),
)
SHORT = (
    Choice("hammer * total / 4", "| Only two samples are in the bank, so it divides by two.", "count"),
    Choice("adjustment"),
    Choice("-adjustment", "The hammer turns the sign.", "hammer"),
    Choice("hammer * total", "That is without the division.", "count"),
)

lesson = Lesson(
    5, "Count the breaks", run, batches=4, about="epochs and commits", stops=("commit",),
    cues=[
        Cue("1.1.1.predict", "| Six rows come in batches of four. | The bank breaks once for every batch."),
        Cue("1.1.commit", "{count} coins: {total} ÷ {count} is {average}. The weight goes to {after}."),
        Cue("1.2.1.predict", "The rows that are left are a batch of their own."),
        Cue("1.2.commit", "{total} ÷ {count} is {average}. | Here every coin weighs one half, not a quarter."),
        Cue("2.3.1.predict", "The second epoch begins, with the first row again."),
        Cue("2.3.commit", "| Four rows pull the weight back: {adjustment}."),
        Cue("2.4.commit", "| Two rows pull it on: {adjustment}. Fewer rows, more to say."),
    ],
    questions=[
        Question("1.1.1.bank", "How many commits will there be in three epochs?", "6", BREAKS,
                 because="Two in every epoch: four rows, then those that are left."),
        Question("1.2.commit", "{count} coins, {total} together. How far does the weight move?", "adjustment", SHORT,
                 because="{total} ÷ {count} is {average}, × {hammer} is {adjustment}."),
        Question.how_far("2.3.commit", "You be the hammer: {total} in the bank. How far now?"),
    ],
)  # fmt: skip

# INVESTIGATE Compare the two commits of an epoch in the inspector. Which line has another number?

# MODIFY      batch_size=1: six commits an epoch, 2, 3, 3.5, 3.75, 5.875, 6.9375. batch_size=6: one, and it divides
#             by 6, so that the weight is rounded (≈). batch_size=3: every batch is whole.

# MAKE        Put the two 8s into the first batch. Where does the first epoch end now?

if __name__ == "__main__":
    lesson.play()
