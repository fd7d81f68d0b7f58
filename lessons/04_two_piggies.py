"""Lesson 4 · Two piggies, shared blame

Apples and pears on one bill: 2 apples cost 8, 2 pears cost 4, both together 12, nothing costs 0.
A coin needs an error and an input. What is wrong with a bill is shared by everything that is on it.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     Once the pears' price is exactly right: does it stay where it is?

# RUN         python lessons/04_two_piggies.py

run = Run(
    Network(Dense(2, 1, weights=[0, 0], bias=False)),  # apples and pears start at 0
    data="shared blame",  #                              (2, 0) → 8, (0, 2) → 4, (2, 2) → 12, (0, 0) → 0
    rule=SGD(learning_rate=1 / 4),
    batch_size=4,
)
EMPTY = (
    Choice("error", "That is the error alone. A coin is input × blame.", "input"),
    Choice("coin"),
    Choice("2 * error", "| That is the apples' coin."),
    Choice("error / 2", "Blame is not split in halves. A coin is input × blame.", "input"),
)
STAY = Choice("0", "It would stay if every bill were right. | The one with both is not.", "total")
PRICE = (STAY, Choice("-adjustment", "The hammer turns the sign.", "hammer"), Choice("adjustment"))

lesson = Lesson(
    4, "Two piggies, shared blame", run, batches=4, selected="x2->y", about="fruit", stops=("bank", "commit"),
    cues=[
        Cue("1.1.1.predict", "Apples and pears on one bill: each has a weight, its price, and a bank of its own."),
        Cue("1.1.1.loss", "The prediction is {prediction}, the bill {target}: an error of {error}."),
        Cue("1.1.1.bank", "| No pears on the bill: the pears' coin is {coin}, empty. It still counts as one of four.",
            weight="x2->y"),
        Cue("1.1.3.bank", "| On this bill are both. | Each takes the whole error times its own input: {coin}."),
        Cue("1.1.4.bank", "| Nothing bought, nothing owed: empty coins for both."),
        Cue("1.1.commit", "{total} ÷ {count} is {average}; the hammer makes it {adjustment}."),
        Cue("2.2.4.bank", "| The pears' own bill was right. The bill with both put in the rest."),
        Cue("2.2.commit", "| Right, and moved all the same: {adjustment}, for the bill with both.", weight="x2->y"),
        Cue("3.3.commit", "| The pears' coins cancel. A bank can be full of coins and come to nothing."),
        Cue("4.4.commit", "| The prices go to 4 and 2. All numbers are exact up to commit 26."),
    ],
    questions=[
        Question("1.1.1.bank", "| Two apples, no pears, an error of {error}. | What coin do the pears get?",
                 "coin", EMPTY, because="Input {input} × blame {blame} is {coin}."),
        Question("2.2.commit", "| The pears' price is right, {before}. How far does it move?", "adjustment", PRICE),
        Question.how_far("3.3.commit", "| The pears' coins: +1.5 and −1.5. How far now?", hints=("Add them first.",)),
        Question.how_far("4.4.commit", "You be the hammer: how far does the price of apples move?", weight="x1->y"),
    ],
)  # fmt: skip

# INVESTIGATE Click x1→y and x2→y in turn. Which sample put most into which bank?

# MODIFY      A bill of returned apples: data=([[-2, 0], [0, 2], [2, 2], [0, 0]], [-8, 4, 12, 0]).
#             Its error is +8, and its coin for the apples -16 all the same.

# MAKE        A bill that moves both prices by the same amount, whatever they are.

if __name__ == "__main__":
    lesson.play()
