"""Lab A · One batch, three rules

The four shoppers of lesson 2, three times over: SGD, momentum and Adam side by side, with one rate and from one weight.
The first four coins are the same for all three. From then on each run makes coins of its own.
"""

from piggybank import SGD, Adam, Choice, Cue, Dense, Lesson, Momentum, Network, Question, Run

# PREDICT     The same four coins, the same rate. Which of the three weights moves farthest at first?

# RUN         python lessons/lab_a_one_batch_three_rules.py


def shoppers(rule):
    """Two apples each for 1, 7, 5 and 3: the weight that pleases them best is 2."""
    return Run(Network(Dense(1, 1, weights=1, bias=False)), data="frozen", rule=rule, batch_size=4)


sgd = shoppers(SGD(learning_rate=1 / 8))
momentum = shoppers(Momentum(learning_rate=1 / 8, friction=1 / 2))
adam = shoppers(Adam(learning_rate=1 / 8, keep_mean=1 / 2, keep_square=3 / 4, epsilon=0))

FIRST = (
    Choice("hammer * average", "So far SGD goes, and momentum. Adam divides the average by its own size."),
    Choice("adjustment"),
    Choice("hammer * total", "That is without the division by four, and without Adam's own."),
    Choice("-hammer * average", "The hammer turns the sign, whatever the rule."),
)
SECOND = (
    Choice("2 * total", "As in batch 1. But its weight has moved since then, and so have all predictions."),
    Choice("count * average", "So much will SGD's hold, which has moved four times as far."),
    Choice("total"), Choice("0", "The bank was emptied, but the shoppers are not pleased yet."),
)  # fmt: skip

lesson = Lesson(
    "A", "One batch, three rules", sgd, batches=8, about="| four shoppers", stops=("commit",),
    called="SGD", beside={"momentum": momentum, "Adam": adam},
    cues=[
        Cue("1.1.1.predict", "Three runs, one weight each. All of them begin at {before}."),
        Cue("1.1.4.bank", "The three banks hold the same four coins: {bank}."),
        Cue("1.1.commit", "SGD: {adjustment}. | Momentum had nothing saved and goes as far. Adam takes the sign."),
        Cue("2.2.1.bank", "| The same shopper, but not the same weight: her coin is another one in Adam's bank."),
        Cue("3.3.commit", "| Momentum was just right, and its old savings carry it past 2. SGD halves its way again."),
        Cue("8.8.commit", "| Nobody wins everywhere: here SGD is nearest. With 32 apples each it would not be."),
    ],
    questions=[
        Question("1.1.commit", "Adam's bank holds {total} like the others. How far does its weight move?", "adjustment",
                 FIRST, of=(adam, "1.1.commit"), because="| An average divided by its own size is −1, × {hammer}."),
        Question("2.2.1.predict", "| The same four shoppers again. What will Adam's bank hold at its next break?",
                 "total", SECOND, of=(adam, "2.2.commit"),
                 because="Its weight moved by 0.125: each prediction is 0.25 more, each coin 0.5, and four of them 2."),
    ],
)  # fmt: skip

# INVESTIGATE 1, 2 and 3 bring a run to the front: whose coins were the old savings that carry momentum past 2?
# MODIFY      data=([32] * 4, [16, 112, 80, 48]), sixteen times the apples: what becomes of SGD, and of Adam?
# MAKE        Give each rule the rate that suits it best. Who is within 1/16 of 2 first, and stays there?

if __name__ == "__main__":
    lesson.play()
