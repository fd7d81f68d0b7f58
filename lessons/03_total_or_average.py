"""Lesson 3 · Total or average?

Lesson 2's four shoppers, but the hammer falls on the total of the bank instead of its average.
With four coins that is a hammer four times as heavy: the price jumps over the answer and back, for ever.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     The bank holds -16, the hammer is 1/8, and nobody divides by 4. Where does the weight land?
# RUN         python lessons/03_total_or_average.py

run = Run(
    Network(Dense(1, 1, weights=1, bias=False)),
    data="frozen",  #            (2, 1) (2, 7) (2, 5) (2, 3): apples, price
    rule=SGD(learning_rate=1 / 8),
    batch_size=4,
    reduce="total",  #           no division
)

TWICE = ([2, 2, 2, 2] * 2, [1, 7, 5, 3] * 2)  # every shopper comes twice
twice = Run(run.network, TWICE, rule=run.rule, batch_size=8, reduce="total")
MOVE = (
    Choice("hammer * total / count", "That divides by the samples. Here nobody does.", "count"),
    Choice("adjustment"),
    Choice("-adjustment", "The hammer turns the sign.", "hammer"),
    Choice("total", "That is without the hammer.", "hammer"),
)
DOUBLE = (
    Choice("adjustment / 2", "Twice as many coins make twice the total."),
    Choice("adjustment / 8", "The average would move so far, however many come."),
    Choice("adjustment"),
    Choice("0", "The coins do not cancel: the bank holds twice as much."),
)

lesson = Lesson(
    3, "Total or average?", run, batches=4, about="| the division left out", stops=("commit",),
    cues=[
        Cue("1.1.1.predict", "| Lesson 2's four shoppers, but this time nobody divides by four."),
        Cue("1.1.4.bank", "| The same four coins as in lesson 2. | The bank holds {bank}."),
        Cue("1.1.commit", "| The hammer hits {total}, undivided: {adjustment}. The weight flies past 2, to {after}."),
        Cue("2.2.4.bank", "| At 3 three of four find it too dear. | The bank holds {bank}."),
        Cue("2.2.commit", "| Back again: {adjustment}. The weight is {after}, as in the beginning."),
        Cue("4.4.commit", "| 1, 3, 1, 3, for ever. Nothing is wrong with the coins; the hammer is too heavy."),
    ],
    questions=[
        Question("1.1.commit", "The bank holds {total}. How far does the weight move?", "adjustment", MOVE,
                 because="| {total} × {hammer} is {adjustment}; an average would have divided by {count} first."),
        Question("3.3.commit", "| And if every shopper came twice, 8 coins for one break?", "adjustment", DOUBLE,
                 because="Twice the coins, twice the total, twice the move.", of=(twice, "1.1.commit")),
    ],
)  # fmt: skip

# INVESTIGATE Open the inspector at the commit. Which line of lesson 2's receipt is missing?

# MODIFY      reduce="average": lesson 2. learning_rate=1/32 with the total: the very same weights as the average
#             at 1/8. With every shopper twice the total goes 1, 5, -7, 29; the average does not notice.
# MAKE        Find the hammer that lands the total on 2 in one commit. (1/16)

if __name__ == "__main__":
    lesson.play()
