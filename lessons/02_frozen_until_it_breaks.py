"""Lesson 2 · Frozen until it breaks

Four shoppers bought two apples each and paid 1, 7, 5 and 3. One price has to fit them all.
The four coins of a batch are all measured with the same weight: it is frozen until the bank breaks.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     Sample 4's coin is -2. What would it be if samples 1, 2 and 3 had already moved the weight?
# RUN         python lessons/02_frozen_until_it_breaks.py

run = Run(
    Network(Dense(1, 1, weights=1, bias=False)),
    data="frozen",  #           (2, 1) (2, 7) (2, 5) (2, 3): apples, price
    rule=SGD(learning_rate=1 / 8),
    batch_size=4,  #            all four shoppers before anything moves
    reduce="average",  #        total ÷ 4, then the hammer
)

online = Run(run.network, data="frozen", rule=run.rule, batch_size=1)  # the same, but moving after every coin
FROZEN = (
    Choice("coin", "That is her frozen coin. A weight that moves changes her error."),
    Choice("-coin", "The sign turns when the bank breaks, not before."),
    Choice("0", "| The price would have gone past hers, not to it."), Choice("input * blame"),
)  # fmt: skip

lesson = Lesson(
    2, "Frozen until it breaks", run, batches=4, about="| four shoppers", stops=("bank", "commit"),
    cues=[
        Cue("1.1.1.predict", "Shopper 1 bought {input} apples. At {before} each they make {prediction}."),
        Cue("1.1.1.loss", "She paid {target}: the error is {error}."),
        Cue("1.1.1.bank", "Her coin is {coin}. It waits in the bank: the update is pending."),
        Cue("1.1.2.predict", "Shopper 2 meets the same weight, {before}. Nothing has moved."),
        Cue("1.1.2.bank", "Her coin is {coin}. | It pulls the other way. | The bank holds {bank}."),
        Cue("1.1.3.bank", "Shopper 3 adds {coin}: the bank holds {bank}. Still pending."),
        Cue("1.1.commit", "Now it breaks: {total} ÷ {count} is {average}; the hammer makes it {adjustment}."),
        Cue("2.2.1.predict", "A new batch, an empty bank, and a new weight: {before}."),
        Cue("2.2.4.bank", "| Shopper 4's coin is empty: this price suits her. She still counts as one of four."),
        Cue("2.2.commit", "Every shopper has the same final adjustment, {adjustment}, whatever her coin was."),
        Cue("4.4.commit", "| The loss settles at 2.5, not at 0: no single price pleases four shoppers."),
    ],
    questions=[
        Question("1.1.4.bank", "Shopper 4's coin, if the weight had moved after every coin?", "input * blame", FROZEN,
                 because="| She would meet 2.3125: an error of +1.625, × 2. | Frozen, at {before}, it is {coin}.",
                 of=(online, "1.4.1.bank")),
        Question.how_far("2.2.commit", "The bank holds {total}. How far does the weight move?",
                         hints=("First total ÷ samples.", "Then × the hammer, {hammer}.")),
        Question.how_far("3.3.commit", "You be the hammer: how far now?"),
    ],
)  # fmt: skip

# INVESTIGATE Open the inspector (Enter) and go through the samples' tabs. What stays the same on every tab?

# MODIFY      batch_size=1: now the weight moves after each coin, 0.75, 2.125, 2.3125, 1.90625,
#             and shopper 4's coin is +3.25 instead of -2. batch_size=2 ends the first epoch at 1.75.

# MAKE        Four rows for which the frozen coins cancel exactly: data=([2, 2, 2, 2], [...]).

if __name__ == "__main__":
    lesson.play()
