"""Lesson 12 · Find the bad sample

24 penguins from Palmer Station, Antarctica (Gorman, Williams and Fraser 2014): Adelie or Gentoo, by bill and flipper.
Whose coins are the largest in the end? A penguin with a wrong label pushes against all others, batch after batch.
"""

from dataclasses import replace

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run, load

# PREDICT     Suppose that one penguin's label is wrong. Will its coins be larger or smaller than the others'?
# RUN         python lessons/12_find_the_bad_sample.py

HOW = {"rule": SGD(learning_rate=1 / 2), "loss": "binary cross-entropy", "batch_size": 8}
network = Network(Dense(2, 1, "sigmoid", weights=[0, 0]))  # one neuron: the probability of a Gentoo
right = load("penguins")  #     (bill mm × 10 − 440) / 64 and (flipper mm − 200) / 16, so that the numbers stay exact
run = Run(network, data=right, **HOW)
ROW = 0b110  # its label is turned round in a second run: do not work it out, find it
targets = right.targets.copy()
targets[ROW - 1] = 1 - targets[ROW - 1]
planted = Run(network, data=replace(right, targets=targets, row_names=()), **HOW)

FLIPPED = (
    Choice("blame", "The label is the target, and blame is prediction − target.", "target"), Choice("blame - 1"),
    Choice("0", "Only a hit has no blame.", "prediction"), Choice("blame + 1", "The label goes up by 1.", "target"),
)  # fmt: skip
LOOK = "Look for larger coins: S, then whole run."
WHICH = Question(
    "6.18.commit", "Which row has the wrong label?", str(ROW),
    [Choice(str(row), LOOK) for row in (4, ROW, 8, 24)], because="Suspicious, not guilty: so would be a rare bird.",
)  # fmt: skip
mixed_up = Lesson(None, "", planted, selected="x2->y", about="one label wrong", questions=[WHICH], cues=[
    Cue("1.1.1.predict", "The same penguins without their names. One label is wrong: whose? (End: the last commit.)"),
    Cue("6.18.commit", "One label is wrong. S, then whole run: whose coins are the largest? Then Q."),
])  # fmt: skip
lesson = Lesson(
    12, "Find the bad sample", run, batches=18, selected="x2->y", about="Adelie or Gentoo", stops=("commit",),
    called="all labels right", beside={"one label wrong": mixed_up},
    cues=[
        Cue("1.1.1.predict", "The probability of a Gentoo: {prediction}. | All weights are 0, so it is so for all."),
        Cue("1.1.1.blame", "Blame is prediction − target: {blame}."),
        Cue("1.1.1.bank", "Flipper {input} × blame {blame}: the coin is {coin}. A wrong label turns its sign.",
            weight="x2->y"),
        Cue("1.1.commit", "One adjustment for the whole batch: {adjustment}. Ctrl → goes on to the next commit."),
        Cue("2.4.commit", "Right penguins' coins shrink from epoch to epoch. A wrong one's coins stay large."),
        Cue("6.18.commit", "| 24 of 24 are right. | Now press 2: the same penguins, but one label is wrong. Which?"),
    ],
    questions=[
        Question("1.1.1.bank", "| This Adelie's blame is {blame}. With the wrong label, Gentoo, it would be?",
                 "blame - 1", FLIPPED, because="{prediction} − 1 in place of {prediction} − {target}."),
        Question.how_far("2.4.commit", "The bank holds {total}. How far does the weight move?", choose=True),
    ],
)  # fmt: skip

# INVESTIGATE S, then "whole run": click a row's number for its epochs, its batches, its coins; and "moved".
# MODIFY      Another ROW. In 21 of the 24 cases that row puts in most.
# MAKE        Plant an error for your neighbour, and find the one planted for you.

if __name__ == "__main__":
    lesson.play()
