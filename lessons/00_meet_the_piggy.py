"""Lesson 0 · Meet the piggy

Prediction, error, blame, coin, bank, hammer, break: what is what, in a minute and with nothing to calculate.
Two shoppers come to a stall. Each leaves a coin in the piggy bank, and then the bank is broken.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     A coin falls into the bank. Does anything else change at that moment?

# RUN         python lessons/00_meet_the_piggy.py

run = Run(
    Network(Dense(1, 1, weights=1, bias=False)),  # one weight: what an apple costs, to begin with 1
    data=([[2], [2]], [7, 1]),  #                   both bought 2 apples; one paid 7, the other 1
    rule=SGD(learning_rate=1 / 8),  #               the hammer
    batch_size=2,  #                                two coins fill the bank
)
WAITS = (
    Choice("total", "That is what the bank holds. The weight waits for the hammer."),
    Choice("0"),
    Choice("coin", "That is the coin that has just fallen. It lies in the bank."),
)

lesson = Lesson(
    0, "Meet the piggy", run, batches=2, about="the names",
    cues=[
        Cue("1.1.1.predict", "Apples go in, the weight says what one costs, and out comes the prediction."),
        Cue("1.1.1.loss", "She paid {target}. The error says how far off the prediction was."),
        Cue("1.1.1.blame", "The error travels back to the neuron. There it is called blame."),
        Cue("1.1.1.bank", "For each weight the blame becomes a coin. This pig is the weight's bank. "
            "An octagon is a coin below zero."),
        Cue("1.1.2.predict", "The coin waits in the bank: it is pending. The next shopper meets the same weight."),
        Cue("1.1.2.loss", "| She paid less than the prediction. Her error is above zero."),
        Cue("1.1.2.blame", "Again the error travels back as blame."),
        Cue("1.1.2.bank", "| Her coin is round: above zero. | These two are the batch, so the bank is full."),
        Cue("1.1.commit", "The hammer breaks the bank. How hard it strikes is the learning rate. "
            "Now the weight moves: its adjustment."),
        Cue("2.2.1.predict", "The bank is whole and empty again. | The weight is a new one. | First a prediction …"),
        Cue("2.2.1.loss", "… an error …"),
        Cue("2.2.1.blame", "… blame …"),
        Cue("2.2.1.bank", "… and a coin in the bank. The weight stays where it is."),
        Cue("2.2.2.predict", "Can you say the names before they come?"),
        Cue("2.2.2.bank", "The batch is full. What comes next?"),
        Cue("2.2.commit", "The break: the hammer falls, and the weight moves. Lesson 1 looks at the numbers."),
    ],
    questions=[Question("1.1.commit", "Both coins have fallen. How far has the weight moved up to now?", "0", WAITS,
                        because="Nothing moves before the hammer falls.")],
)  # fmt: skip

# INVESTIGATE Stop anywhere with Space, step back with ←, and point at what you have no name for.

# MODIFY      batch_size=1: now the hammer falls after every coin. What does the word "pending" do?

# MAKE        Other shoppers: data=([[2], [2]], [5, 1]). Say aloud what happens, with all the names.

if __name__ == "__main__":
    lesson.play()
