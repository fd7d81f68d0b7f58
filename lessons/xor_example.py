"""XOR on a small network: the picture in the README, and a start for a run of your own."""

from piggybank import SGD, Dense, Lesson, Network, Run

run = Run(
    Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7),
    data="xor",
    rule=SGD(learning_rate=0.5),
    batch_size=4,
)
lesson = Lesson(None, "XOR", run, batches=25, selected="h2->y", about="true when the inputs differ")

if __name__ == "__main__":
    lesson.play()
