"""Lesson 6 · The piggy nobody emptied

Lesson 1 once more, with one line forgotten: after the bank is broken, the coins go back in.
Old coins push again and again. The weight runs past the answer, turns, and swings round it for ever.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     The first coin is -4, the second -2. What is in the bank when it breaks for the second time?

# RUN         python lessons/06_the_piggy_nobody_emptied.py

run = Run(
    Network(Dense(1, 1, weights=0.5, bias=False)),
    data="one coin",  #            2 apples cost 3
    rule=SGD(learning_rate=1 / 8),
    batch_size=1,
    fault="forgot-to-empty",  #    the zero_grad() that is missing from so many first training loops
)
KEPT = (
    Choice("coin", "That is the new coin alone. | Nobody took the old one out."),
    Choice("average"),
    Choice("-coin", "The sign turns when the bank breaks, not before."),
    Choice("coin / 2", "Nothing is shared out. | The old coin is still in there.", "average"),
)
RISE = (
    Choice("hammer * coin", "That is the new coin alone. | The bank holds the old ones too.", "average"),
    Choice("adjustment"),
    Choice("-adjustment", "The hammer turns the sign.", "hammer"),
    Choice("0", "The bank is not empty."),
)

lesson = Lesson(
    6, "The piggy nobody emptied", run, batches=8, about="| the missing zero_grad()", stops=("commit",),
    cues=[
        Cue("1.1.1.predict", "| Lesson 1 once more, but after a break nobody takes the coins out of the bank."),
        Cue("1.1.commit", "| The first commit is lesson 1's. | Coin {total}, adjustment {adjustment}."),
        Cue("2.2.1.bank", "The new coin is {coin}. | The −4 of before is still in there."),
        Cue("2.2.commit", "| {average} breaks, not {total}: the weight goes {adjustment}, past where it should."),
        Cue("4.4.1.bank", "The coin is {coin}. | The weight is too large now, and the coin says so."),
        Cue("4.4.commit", "| But the old coins still outweigh it: {average}. The weight rises once more."),
        Cue("5.5.commit", "| Only now it turns: {adjustment}."),
        Cue("8.8.commit", "| Round and round 1.5. Nothing in this piggy is ever spent."),
    ],
    questions=[
        Question("2.2.1.bank", "The new coin is {coin}. What does the bank hold then?", "average", KEPT,
                 because="| The −4 of before and {coin} are {average}."),
        Question("4.4.commit", "| The coin, {total}, says: too large. How far does the weight move?",
                 "adjustment", RISE, because="| The bank holds {average}, × {hammer} is {adjustment}."),
    ],
)  # fmt: skip

# INVESTIGATE Open commit 4 (Enter). Which line is not in lesson 1's receipt?

# MODIFY      Leave the fault out: lesson 1. Or rule=Momentum(1/8, friction=1): the very same weights.

# MAKE        Suppose that only half of the old coins are kept. Does the weight settle on 1.5? (friction=1/2, lesson 10)

if __name__ == "__main__":
    lesson.play()
