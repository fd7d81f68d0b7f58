"""Lab B · One by one, or all at once

Eight shoppers, three batch sizes side by side: the first bank breaks after every coin, the second after four, the third
after eight. The rows, their order and the rate are the same, and so is the first weight.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     Each run sees every shopper once. Whose weight is nearest to the best one then, and does it stay there?

# RUN         python lessons/lab_b_one_by_one_or_all_at_once.py


def shoppers(batch_size):
    """Two apples each, for these prices: the weight that pleases them best is 2."""
    rows = [2] * 8, [1, 7, 5, 3, 2, 6, 4, 4]
    return Run(Network(Dense(1, 1, weights=1, bias=False)), data=rows, rule=SGD(1 / 8), batch_size=batch_size)


single, fours, whole = shoppers(1), shoppers(4), shoppers("all")

FOUR = (
    Choice("after - 1", "So far the four single moves came, each with a coin measured anew. These four are frozen."),
    Choice("hammer * coin", "That is the fourth shopper's single move."),
    Choice("adjustment"),
    Choice("4 * (after - 1)", "Four coins, but their average moves it, not their total."),
)
NEXT = (
    Choice("0", "| Right for all of them is not right for this one, who paid 1."),
    Choice("adjustment / 8", "As one of eight in a bank her coin would do that. Here it is alone.", "coin"),
    Choice("adjustment"),
    Choice("-adjustment", "The hammer turns the sign.", "hammer"),
)

lesson = Lesson(
    "B", "One by one, or all at once", single, batches=24, about="| eight shoppers", stops=("commit",),
    called="one by one", beside={"by fours": fours, "all eight": whole},
    cues=[
        Cue("1.1.1.predict", "Three runs at {before}. They see the same shopper at the same moment."),
        Cue("1.1.commit", "The first bank breaks at once. | The other two wait: pending, 1 of 4 and 1 of 8."),
        Cue("1.2.1.bank", "The second shopper's coin: {coin} here. | It is another where the weight has not moved."),
        Cue("1.4.commit", "| By fours breaks for the first time, one by one for the fourth."),
        Cue("1.8.commit", "| An epoch: eight commits, two, one. One by one is nearest to 2, at {after}."),
        Cue("2.9.commit", "| And off it goes, {adjustment}: each shopper pulls it to a price of her own."),
        Cue("3.24.commit", "| Many small banks get near at once and never rest; large ones are slow, and steady."),
    ],
    questions=[
        Question("1.4.commit", "| By fours breaks its bank now. How far does its weight move?", "adjustment", FOUR,
                 of=(fours, "1.1.commit"), because="Its four coins were all measured with 1: −4 is their average."),
        Question("2.9.commit", "One by one is at {before}. | 2 is best. | How far does the next shopper move it?",
                 "adjustment", NEXT, because="Her coin is {coin}, × {hammer} is {adjustment}."),
    ],
)  # fmt: skip

# INVESTIGATE 3 brings all eight to the front: Enter, and the shares of its eight coins. Which cancel?
# MODIFY      SGD(1 / 32) for one by one: does it rest now, and is it still the nearest after an epoch?
# MAKE        An order of the same eight prices that takes one by one farthest from 2 after an epoch.

if __name__ == "__main__":
    lesson.play()
