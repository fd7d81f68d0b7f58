"""Lesson 10 · A piggy with memory

Momentum: of what the last commit had saved, half is kept and pushes along with today's coin.
The old savings are nobody's coin of today, so they have a line of their own.
"""

from piggybank import Choice, Cue, Dense, Lesson, Momentum, Network, Question, Run

# PREDICT     In commit 3 the prediction is right, so the coin is 0. Does the weight move?

# RUN         python lessons/10_a_piggy_with_memory.py

run = Run(
    Network(Dense(1, 1, weights=0.5, bias=False)),
    data="one coin",  #                               2 apples cost 3
    rule=Momentum(learning_rate=1 / 8, friction=1 / 2),  # friction: the part of the savings that is kept
    batch_size=1,
)
STILL = (
    Choice("0", "| The coin is empty, the savings are not.", "old_savings"),
    Choice("adjustment"),
    Choice("-adjustment", "The hammer turns the sign.", "hammer"),
    Choice("2 * adjustment", "| Only half of the savings is kept.", "old_savings"),
)
STOP = (
    Choice("hammer * coin", "That is the coin alone. | The old savings push the other way.", "old_savings"),
    Choice("adjustment"),
    Choice("hammer * old_savings", "And the coin of today?", "average"),
)

lesson = Lesson(
    10, "A piggy with memory", run, batches=7, about="momentum", stops=("commit",),
    cues=[
        Cue("1.1.1.predict", "| Momentum: from one commit to the next a part of the savings is kept, the friction."),
        Cue("1.1.commit", "Nothing was saved yet, so all the savings are today's coin: {savings}."),
        Cue("2.2.commit", "| Half of −4 is kept. | Old savings of {old_savings} and the coin {average} are {savings}."),
        Cue("3.3.1.bank", "| The weight is right. | The coin is {coin}."),
        Cue("3.3.commit", "| And yet it moves, {adjustment}, because of the old savings, {old_savings}."),
        Cue("4.4.commit", "| Too far: the coin {average} and the old savings {old_savings} cancel. It stands still."),
        Cue("5.5.commit", "| Nothing is left of the savings, so today's coin decides: {adjustment}."),
        Cue("7.7.commit", "| It swings into 1.5, a little less each time. Exact for 104 commits."),
    ],
    questions=[
        Question("3.3.commit", "The error is {error}, the coin is {total}. How far does the weight move?",
                 "adjustment", STILL, because="{old_savings} and {average} are {savings}, × {hammer} is {adjustment}."),
        Question("4.4.commit", "The coin is {total}. How far does the weight move?", "adjustment", STOP,
                 because="{old_savings} and {average} are {savings}."),
        Question("6.6.commit", "You be the hammer: how far now?", "adjustment", hints=("| Half of +1, then the coin.",),
                 because="{old_savings} and {average} are {savings}, × {hammer} is {adjustment}."),
    ],
)  # fmt: skip

# INVESTIGATE Open commit 3 (Enter), then the old savings, and so on down: whose coins were they?

# MODIFY      friction=1 keeps everything: that is lesson 6. And 3/4?

# MAKE        Which friction gets within 1/16 of 1.5, and stays there, in the fewest commits?

if __name__ == "__main__":
    lesson.play()
