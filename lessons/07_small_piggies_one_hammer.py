"""Lesson 7 · Small piggies, one hammer

Four rows do not fit at once, so they come as micro-batches of three and one, and one commit at the end.
Whoever averages each part and then the averages gets another number. Large training libraries shipped this bug in 2024.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     The coins are -3, -6, -3 and +4. Average three, average one, average the two: what comes out?

# RUN         python lessons/07_small_piggies_one_hammer.py

ROWS = ([[1], [1], [1], [1]], [3, 6, 3, -4])
SETTINGS = {"rule": SGD(learning_rate=1 / 2), "accumulate": 2}  # two micro-batches, one commit

network = Network(Dense(1, 1, weights=0, bias=False))
run = Run(network, ROWS, batch_size=3, fault="average-of-averages", **SETTINGS)
carried = Run(network, ROWS, batch_size=3, **SETTINGS)  # totals and counts are carried, and divided once
lucky = Run(network, ROWS, batch_size=2, fault="average-of-averages", **SETTINGS)

TRUE = (
    Choice("adjustment"),
    Choice("hammer * average", "That is what the average of the averages says.", "count"),
    Choice("hammer * total", "Four samples share one move.", "count"),
    Choice("-hammer * total / count", "The hammer turns the sign.", "hammer"),
)

lesson = Lesson(
    7, "Small piggies, one hammer", run, batches=2, about="| micro-batches of 3 and 1", stops=("bank", "commit"),
    cues=[
        Cue("1.1.1.predict", "| Four rows do not fit at once: they come as micro-batches, three and one."),
        Cue("1.1.1.bank", "The first micro-batch begins: a coin of {coin}."),
        Cue("1.1.3.bank", "| The first micro-batch is full: −12 from three samples, −4 on average."),
        Cue("1.1.4.bank", "| The second has one sample only. Its average is its coin: {coin}."),
        Cue("1.1.commit", "| −4 and +4 average to {average}. Three samples weigh as much as one, and nothing moves."),
        Cue("2.2.commit", "| Nor does it now, nor ever: a run that learns nothing, from a single wrong line."),
    ],
    questions=[
        Question("1.1.4.bank", "| The bank holds −12. | What does the last coin make of it?", "bank",
                 (Choice("bank"), Choice("coin", "The other three are still in there."),
                  Choice("-bank", "The sign turns when the bank breaks, not before.")),
                 because="| −12 and {coin} are {bank}."),
        Question("1.1.commit", "| Total −8, four samples. | How far should the weight move?", "adjustment", TRUE,
                 because="| {total} ÷ {count} is −2, × {hammer} is +1. Here −4 and +4 made 0.",
                 of=(carried, "1.1.commit")),
    ],
)  # fmt: skip

# INVESTIGATE Open the commit (Enter), then the sum of the averages. Where do 3 and 1 get the same weight?

# MODIFY      lucky cuts the rows 2 + 2: right, because both parts are of one size. Play it: play(lucky).

# MAKE        Six rows, cut 4 + 2, for which the faulty commit moves the wrong way.

if __name__ == "__main__":
    lesson.play()
