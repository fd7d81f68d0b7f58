"""Lesson 11 · Two jars

Adam keeps two jars for each weight, of coins and of their squares, and divides one by the root of the other.
The size of a coin drops out: one weight gets −4, the other −400, and both move alike.
"""

from piggybank import Adam, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     The coins are -4 and -400. Which of the two weights moves more?

# RUN         python lessons/11_two_jars.py

run = Run(
    Network(Dense(2, 1, weights=[0, 0], bias=False)),
    data=([[1, 100]], [4]),  #    one parcel of 100 grams costs 4
    rule=Adam(learning_rate=1 / 8, keep_mean=1 / 2, keep_square=3 / 4, epsilon=0),
    batch_size=1,
)
ALIKE = (
    Choice("hammer * coin", "That is SGD's answer. Adam divides by the size of the coins.", "square"),
    Choice("adjustment"),
    Choice("-adjustment", "The hammer turns the sign.", "hammer"),
    Choice("100 * adjustment", "| A hundred times the coin, and yet not the move.", "square"),
)

lesson = Lesson(
    11, "Two jars", run, batches=6, selected="x2->y", about="Adam", stops=("commit",),
    cues=[
        Cue("1.1.1.predict", "| Adam keeps two jars for each weight: one for its coins, one for their squares."),
        Cue("1.1.1.bank", "The coin of x₂ is {coin}. | It is 100 grams: a hundred times the coin of x₁, one parcel.",
            weight="x2->y"),
        Cue("1.1.commit", "The jar of coins holds {mean_jar}, the mean is {mean}. | The jar is only half full. | "
            "The mean of the squares is {square}. | Its root is 400."),
        Cue("2.2.1.bank", "| That was too far. | The coin is {coin} now."),
        Cue("2.2.commit", "Of the old coins {old_savings} are left. | That is half. | The weight moves {adjustment}."),
        Cue("3.3.commit", "| Whatever the sizes of the coins, the two weights go side by side."),
    ],
    questions=[
        Question("1.1.commit", "The coin of x₂ is {total}. How far does its weight move?", "adjustment", ALIKE,
                 because="| {hammer} × {mean} ÷ √{square} is {adjustment}."),
        Question("2.2.commit", "The coin is {total}. Which way does the weight go?",
                 "adjustment", (Choice("adjustment"), Choice("-adjustment", "The hammer turns the sign.", "hammer"),
                                Choice("0", "The jar is not empty.", "mean")), because="The jar holds {mean_jar}."),
    ],
)  # fmt: skip

# INVESTIGATE Click x₁ → y: the same adjustment. Where in the receipt does the size drop out?

# MODIFY      keep_mean=0.9, keep_square=0.999, epsilon=1e-8 are what everybody uses. Does the first move change?

# MAKE        Two coins for which epsilon=1 makes one weight move and the other hardly.

if __name__ == "__main__":
    lesson.play()
