"""Lesson 12 · Find the bad sample

24 penguins from Palmer Station, Antarctica (Gorman, Williams and Fraser 2014): Adelie or Gentoo, by bill and flipper.
Whose coins are the largest in the end? A penguin with a wrong label pushes against all others, batch after batch.
"""

from piggybank import SGD, Cue, Dense, Lesson, Network, Run

# PREDICT     Suppose that one penguin's label is wrong. Will its coins be larger or smaller than the others'?

# RUN         python lessons/12_find_the_bad_sample.py

run = Run(
    Network(Dense(2, 1, "sigmoid", weights=[0, 0])),  # one neuron: the probability of a Gentoo
    data="penguins",  #          (bill mm × 10 − 440) / 64 and (flipper mm − 200) / 16, so that the numbers stay exact
    rule=SGD(learning_rate=1 / 2),
    loss="binary cross-entropy",
    batch_size=8,
)

lesson = Lesson(
    12,
    "Find the bad sample",
    run,
    batches=18,  #               six epochs of three batches
    selected="x2->y",
    about="Adelie or Gentoo",
    stops=("commit",),
    cues=[
        Cue("1.1.1.predict", "All weights are 0, so every penguin is a Gentoo with probability {prediction}."),
        Cue("1.1.1.blame", "Blame is prediction − target: {blame}. A wrong label would turn its sign."),
        Cue("1.1.1.bank", "Flipper {input} × blame {blame}: the coin is {coin}."),
        Cue("1.1.8.bank", "Eight penguins are in the bank. Look for the coin that pulls the other way."),
        Cue("1.1.commit", "One adjustment for the whole batch: {adjustment}."),
        Cue("2.4.commit", "Right penguins' coins shrink from epoch to epoch. A wrong one's coins stay large."),
        Cue("6.18.commit", "24 of 24 are right. Large coins are suspicious, not guilty."),
    ],
)

# INVESTIGATE Which penguin put in most over the whole run?
#             run.train(epochs=6); then add up run.ledger.epoch(e).contributions over the six epochs.

# MODIFY      Flip one label: data = load("penguins"), then Run(..., data=(data.inputs, flipped_targets)).
#             The flipped penguin puts in most for 21 of the 24 possible flips.

# MAKE        Plant an error for your neighbour, and find the one planted for you.

if __name__ == "__main__":
    lesson.play()
