"""Lesson 1 · One coin

Two apples cost 3. The program thinks that one apple costs 1/2, and learns from this single row.
A coin is error × input. Breaking the bank flips its sign and makes it smaller: that is the hammer, the learning rate.
"""

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run

# PREDICT     The first coin is -4. Does the weight go up or down, and by how much?
#             (-0.5?  +4?  straight to 1.5?  Say it before you run.)

# RUN         python lessons/01_one_coin.py

run = Run(
    Network(Dense(1, 1, weights=0.5, bias=False)),  # prediction = weight × apples, nothing else
    data="one coin",  #                               one row: 2 apples cost 3
    rule=SGD(learning_rate=1 / 8),
    batch_size=1,  #                                  a batch of one sample: the bank breaks after every coin
)
AT_ONCE = Choice("target / input - before", "That would land at once. | The hammer is smaller.", "hammer")
WHOLE = Choice("-coin", "That is the whole coin. | The hammer makes it smaller.", "hammer")
UP_OR_DOWN = (Choice("-adjustment", "The hammer turns the sign.", "hammer"), WHOLE, Choice("adjustment"), AT_ONCE)

lesson = Lesson(
    1,
    "One coin",
    run,
    batches=4,
    about="| 2 apples cost 3",
    stops=("bank", "commit"),
    cues=[
        Cue("1.1.1.predict", "{input} apples at {before} each make {prediction}. That is the prediction."),
        Cue("1.1.1.loss", "They cost {target}: the error is {error}. The loss is half its square."),
        Cue("1.1.1.blame", "The blame of y is the error, {error}. | A larger prediction would be better."),
        Cue("1.1.1.bank", "The coin is input × blame. It waits for the hammer: the learning rate, {learning_rate}."),
        Cue("1.1.commit", "The hammer flips the sign: coin {total}, adjustment {adjustment}. | The weight goes up."),
        Cue("2.2.1.bank", "| Half the error, half the coin: {coin}."),
        Cue("2.2.commit", "| Half the coin, half the step. | The weight moves {adjustment}, to {after}."),
        Cue("3.3.commit", "| The distance to 1.5 halves with every commit."),
        Cue("4.4.commit", "| Every number is exact for 52 commits; ≈ only leaves digits out. Play on, if you like."),
    ],
    questions=[
        Question("1.1.commit", "The coin is {coin}. Up or down, and by how much?", "adjustment", UP_OR_DOWN),
        Question.how_far("2.2.commit", "The coin is {coin}. How far does the weight move?", hints=("× {hammer}.",)),
        Question.how_far("3.3.commit", "You be the hammer: how far now?"),
    ],
)

# INVESTIGATE Click the pig. Which line of the receipt flips the sign? Step back with ← and watch it undo.

# MODIFY      learning_rate=1/4 lands on 1.5 in one commit. Try 1/2: 2.5, 0.5, 2.5 … for ever. And 1?

# MAKE        A row of your own: data=([[4]], [[6]]) are 4 apples for 6. Which rate lands in one commit?

if __name__ == "__main__":
    lesson.play()
