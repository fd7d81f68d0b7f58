"""Lesson 12 · Find the bad sample

24 penguins from Palmer Station, Antarctica (Gorman, Williams and Fraser 2014): Adelie or Gentoo, by bill and flipper.
Whose coins are the largest in the end? A penguin with a wrong label pushes against all others, batch after batch.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     Suppose that one penguin's label is wrong. Will its coins be larger or smaller than the others'?

# RUN         python lessons/12_find_the_bad_sample.py

run = Run(
    Network(Dense(2, 1, "sigmoid", weights=[0, 0])),  # one neuron: the probability of a Gentoo
    data="penguins",  #          (bill mm × 10 − 440) / 64 and (flipper mm − 200) / 16, so that the numbers stay exact
    rule=SGD(learning_rate=1 / 2),
    loss="binary cross-entropy",
    batch_size=8,
)

FLIPPED = (
    Choice("blame", "The label is the target, and blame is prediction − target.", "target"),
    Choice("0", "Only a prediction that hits its label has no blame.", "prediction"),
    Choice("prediction - (1 - target)"),
    Choice("blame + 1", "The label moves the other way: prediction − 1.", "target"),
)

lesson = Lesson(
    12, "Find the bad sample", run,  # six epochs of three batches
    batches=18, selected="x2->y", about="Adelie or Gentoo", stops=("commit",),
    cues=[
        Cue("1.1.1.predict", "All weights are 0, so every penguin is a Gentoo with probability {prediction}."),
        Cue("1.1.1.blame", "Blame is prediction − target: {blame}."),
        Cue("1.1.1.bank", "Flipper {input} × blame {blame}: the coin is {coin}. A wrong label turns its sign.",
            weight="x2->y"),
        Cue("1.1.8.bank", "Eight penguins are in the bank. Look for the coin that pulls the other way."),
        Cue("1.1.commit", "One adjustment for the whole batch: {adjustment}."),
        Cue("2.4.commit", "Right penguins' coins shrink from epoch to epoch. A wrong one's coins stay large."),
        Cue("6.18.commit", "24 of 24 are right. S, then whole run: the largest are suspicious, not guilty."),
    ],
    questions=[
        Question("1.1.1.bank", "This Adelie's blame is {blame}. With the wrong label, Gentoo, it would be?",
                 "prediction - (1 - target)", FLIPPED, because="{prediction} − 1 in place of {prediction} − {target}."),
        Question.how_far("2.4.commit", "The bank holds {total}. How far does the weight move?", choose=True),
    ],
)  # fmt: skip

# INVESTIGATE Which penguin put in most over the whole run?
#             S, then "whole run": click a row's number for its epochs, its batches, its coins.
#             "moved" beside "coins", or run.ledger.lifetime("x2->y"): how far each of them moved the weight.

# MODIFY      Flip one label: data = load("penguins"); targets = data.targets.copy(); targets[4] = 1 - targets[4];
#             then Run(..., data=(data.inputs, targets)). It puts in most for 21 of the 24 possible flips.

# MAKE        Plant an error for your neighbour, and find the one planted for you.

if __name__ == "__main__":
    lesson.play()
