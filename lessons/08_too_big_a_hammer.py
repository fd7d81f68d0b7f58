"""Lesson 8 · Too big a hammer

Lesson 1 with a learning rate of 1. Every coin is right, every receipt adds up, and the weight flies away:
each move is three times as far as it should be, the other way round each time.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     The coin is -4 and the hammer 1. Where does the weight land, and what will the next coin be?

# RUN         python lessons/08_too_big_a_hammer.py

run = Run(
    Network(Dense(1, 1, weights=0.5, bias=False)),
    data="one coin",  #              2 apples cost 3
    rule=SGD(learning_rate=1),  #    lesson 1 had 1/8
    batch_size=1,
)

FAR = (
    Choice("adjustment / 8", "| That was lesson 1's hammer.", "hammer"),
    Choice("-adjustment", "The hammer turns the sign.", "hammer"),
    Choice("adjustment"),
    Choice("target / input - before", "A hammer does not know where the answer is. It only knows the coin.", "average"),
)
NEXT = (
    Choice("coin / -3", "| That was the coin before this one. They grow."),
    Choice("coin"),
    Choice("-coin", "| The weight is too small again, so the coin is below zero."),
    Choice("0", "| The weight jumped over the answer, it did not land on it."),
)

lesson = Lesson(
    8, "Too big a hammer", run, batches=6, about="| learning that flies apart", stops=("commit",),
    cues=[
        Cue("1.1.1.predict", "| Lesson 1 once more, but with a learning rate of 1 in place of 1/8."),
        Cue("1.1.commit", "The coin is {total}; a hammer of {learning_rate} makes it {adjustment}. "
            "The weight goes from {before} to {after}."),
        Cue("2.2.1.loss", "| 1.5 was the answer. | Now the error is {error}."),
        Cue("2.2.commit", "| Three times as far, the other way: {adjustment}."),
        Cue("3.3.1.bank", "| The coin grows with the error: {coin}."),
        Cue("4.4.commit", "| {adjustment} this time. The distance from 1.5 is tripled by every commit."),
        Cue("6.6.commit", "| Go on: at commit 33 numbers get rounded, at 324 the loss is too large for any number."),
    ],
    questions=[
        Question("2.2.commit", "The coin is {total}, the weight {before}. How far does it move?", "adjustment", FAR,
                 because="{average} × {hammer} is {adjustment}."),
        Question("3.3.1.bank", "The weight is {before} now. Which coin comes next?", "coin", NEXT,
                 because="The error is {error}, × the input {input}: {coin}."),
    ],
)  # fmt: skip

# INVESTIGATE Look at the loss: 2, 18, 162 … By how much does it grow with every commit?

# MODIFY      learning_rate=1/4 lands in one commit; 1/2 swings between 2.5 and 0.5 for ever. Where is the border?

# MAKE        A row for which a learning rate of 1 is just right. (1 apple costs 1.5)

if __name__ == "__main__":
    lesson.play()
