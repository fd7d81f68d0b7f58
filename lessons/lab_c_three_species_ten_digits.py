"""Lab C · Three species, ten digits

A network of 67 weights tells three species of penguins apart, one of 2,410 weights ten handwritten digits. In step:
the same number of samples seen, the same rule. A bank for every weight here and there, and no coin without a sample.
"""

from piggybank import SGD, Choice, Cue, DataError, Dense, Lesson, Network, Question, Run

# PREDICT     Of the digits' 64 dots some are blank in every picture. How far do their weights move?

# RUN         python lessons/lab_c_three_species_ten_digits.py         (the digits: pip install 'piggybank[data]')

HOW = {"rule": SGD(learning_rate=1 / 2), "loss": "cross-entropy", "batch_size": 12}
small = Network(Dense(4, 8, "tanh"), Dense(8, 3, "softmax"), seed=1)
penguins = Run(small, data="penguins 3", **HOW)  # bill, bill depth, flipper, mass: moved and halved, so still exact

BLAME = (
    Choice("loss", "The loss is −ln of the prediction. Its slope is simpler than that."),
    Choice("blame"),
    Choice("target - prediction", "Turned round: blame is prediction − target.", "target"),
    Choice("prediction", "And the target?", "target"),
)
BLANK = (
    Choice("hammer * average", "So far the penguins' x₁ goes, which is not 0."), Choice("adjustment"),
    Choice("-hammer * average", "Blame there is, but the input is 0."),
)  # fmt: skip
words = "Two networks in step: 36 penguins again and again, and 1,797 digits. Ctrl → goes on to a commit."
seen = "Ten times every penguin, and 360 of the digits once."
questions = [
    Question("1.1.1.blame", "| An Adelie: | y₁ says so with {prediction}, the loss is {loss}. Its blame?", "blame",
             BLAME, weight="bias->y1", because="{prediction} − {target}: softmax and cross-entropy leave no more.")
]  # fmt: skip
beside = {}
try:
    large = Network(Dense(64, 32, "relu"), Dense(32, 10, "softmax"), seed=1)
    digits = Run(large, data="digits", **HOW)  # a dot's ink, 0 to 16, ÷ 16
    beside["digits"] = Lesson(None, "Digits", digits, selected="h1->y1", about="a digit's 64 dots")
    questions.append(
        Question("1.1.commit", "The digits' first dot is blank in every picture. How far does x₁→h₁ move there?",
                 "adjustment", BLANK, weight="x1->h1", of=(digits, "1.1.commit"), because="0 × blame is 0, for ever.")
    )  # fmt: skip
except DataError as error:  # scikit-learn, which has the digits, is not here
    words, seen = f"The penguins alone: {error}.", "Ten times every penguin."

lesson = Lesson(
    "C", "Three species, ten digits", penguins, batches=30, selected="h1->y1", stops=("commit",),
    about=" and ".join(["penguins", *beside]), called="penguins", beside=beside, questions=questions,
    cues=[Cue("1.1.1.predict1", words), Cue("10.30.commit", seen)],
)  # fmt: skip

# INVESTIGATE D shows the wall of banks; 2 and D the digits' vault, a click there a neuron's own banks.
# MODIFY      Dense(64, 16, "relu") has 1,210 weights. How many of 12 are right after 30 commits?
# MAKE        A network for the penguins with as few weights as you can: 12 of 12 right, three times running.

if __name__ == "__main__":
    lesson.play()
