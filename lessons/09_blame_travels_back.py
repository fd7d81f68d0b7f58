"""Lesson 9 · Blame travels back

Two hidden neurons learn the size of a number, |x|: one wakes up for plus, the other for minus.
A hidden weight's coin is error × road back × gate × input. A sleeping neuron's gate is shut: its coin is empty.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     For x = 2 the neuron h2 sleeps. What does its weight put into the bank?
# RUN         python lessons/09_blame_travels_back.py

run = Run(
    Network(
        Dense(1, 2, "relu", weights=[[1, -1]], bias=False),  #    h1 wakes for plus, h2 for minus
        Dense(2, 1, weights=[[0.5], [0.5]], bias=False),  #       the roads back: 1/2 each
    ),
    data=([2, -2, 1, -1], [2, 2, 1, 1]),
    rule=SGD(learning_rate=1 / 2),
    batch_size=4,
)

ASLEEP = (
    Choice("input * error", "No road and no gate: that would be the output's own coin."), Choice("0"),
    Choice("input * error / 2", "That is the road back, but the gate of a sleeping neuron is shut.", "blame"),
)  # fmt: skip
AWAKE = (
    Choice("coin"),
    Choice("-coin", "| The input is −2: minus times minus is plus.", "input"),
    Choice("input * error", "| The blame came back along a road of 1/2.", "blame"),
    Choice("0", "| h₂ is awake for −2: its gate is open."),
)

lesson = Lesson(
    9, "Blame travels back", run, batches=3, about="|x|", stops=("blame", "bank", "commit"), selected="x1->h2",
    cues=[
        Cue("1.1.1.predict1", "| h₁ lets {input} through; h₂, at −1 × {input}, is below zero and sleeps: it says 0."),
        Cue("1.1.1.loss", "It says {prediction}, it should be {target}: the error is {error}."),
        Cue("1.1.1.blame", "The error goes back along both roads. | h₂ sleeps, slope 0: its gate is shut to blame."),
        Cue("1.1.1.bank", "| h₂ slept, so it has no blame, and its coin is empty. It still counts as one of four."),
        Cue("1.1.2.bank", "Blame {blame} × input {input}: a coin of {coin}."),
        Cue("1.1.commit", "{total} ÷ {count} is {average}; the hammer: {adjustment}. All weights move at once."),
        Cue("3.3.commit", "| The first rounded number of the course: Enter shows it, at After. All before were exact."),
    ],
    questions=[
        Question("1.1.1.bank", "| h₂ slept for this sample. What is the coin of x₁ → h₂?", "0", ASLEEP,
                 because="Its blame is error × road × gate, and the gate is 0."),
        Question("1.1.2.bank", "| h₂ is awake. | What is the coin of x₁ → h₂ now?", "coin", AWAKE,
                 because="| Error {error} × road 0.5 × gate 1 is {blame}. | Blame {blame} × input {input} is {coin}."),
        Question.how_far("2.2.commit", "You be the hammer: {total} in the bank. How far?"),
    ],
)  # fmt: skip

# INVESTIGATE Click the blame of h1 and go back along its road: which weight does the receipt show?

# MODIFY      weights=[[1, 1]]: both sleep for minus. Which coins are empty now, and does anything learn |-2|?

# MAKE        bias=True in the first layer, and find rows for which a neuron never wakes again.

if __name__ == "__main__":
    lesson.play()
