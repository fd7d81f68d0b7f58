"""What other libraries call things, and what they are called here: names to import, arguments, attributes."""

from __future__ import annotations

PACKAGE = {
    "Linear": "Dense", "Layer": "Dense", "layers": "Dense", "nn": "Dense and Network", "Module": "Network",
    "Sequential": "Network", "Model": "Network", "MLP": "Network", "MLPClassifier": "Network",
    "MLPRegressor": "Network", "NeuralNetwork": "Network", "Optimizer": "Rule", "optim": "SGD, Adam and the like",
    "optimizers": "SGD, Adam and the like", "Trainer": "Run", "fit": "run.train(epochs=10)",
    "train": "run.train(epochs=10)", "predict": "run.predict(rows)", "save": "run.save('run.piggy')",
    "Tensor": "Dataset", "tensor": "Dataset", "DataLoader": "Run(…, batch_size=4)", "read_csv": "load",
    "load_model": "open_ledger", "train_test_split": "Run(…, validation=0.25)", "ReLU": "Dense(2, 3, 'relu')",
    "Tanh": "Dense(2, 3, 'tanh')", "Sigmoid": "Dense(2, 3, 'sigmoid')", "Softmax": "Dense(2, 3, 'softmax')",
    "MSELoss": "loss='squared error'", "L1Loss": "loss='absolute error'", "HuberLoss": "loss='huber'",
    "BCELoss": "loss='binary cross-entropy'", "CrossEntropyLoss": "loss='cross-entropy'", "StepLR": "Step",
    "CosineAnnealingLR": "Cosine", "lr_scheduler": "Step, Cosine and WarmUp",
}  # fmt: skip
"""Names to import, and what they are here."""
ARGUMENTS = {
    "lr": ("learning_rate",), "eta": ("learning_rate",), "rate": ("learning_rate",), "momentum": ("friction",),
    "beta1": ("keep_mean",), "beta2": ("keep_square",), "rho": ("keep_square",), "eps": ("epsilon",),
    "alpha": ("keep_square",), "l2": ("weight_decay",), "decay": ("weight_decay",), "optimizer": ("rule",),
    "criterion": ("loss",), "random_state": ("seed",), "use_bias": ("bias",), "reduction": ("reduce",),
    "dataset": ("data",), "in_features": ("inputs",), "out_features": ("outputs",), "units": ("outputs",),
    "act": ("activation",), "epoch": ("epochs",), "path": ("save",), "file": ("save",), "text": ("says", "asks"),
    "label": ("target",), "labels": ("target",), "hidden": ("layers",), "output": ("save", "out"),
}  # fmt: skip
"""Arguments, and what they may be called here."""
_RATE = "the rate is the rule's: rule=SGD(learning_rate=0.1)"
_SEED = "first weights have theirs in Network(…, seed=7), the order of rows is shuffle=7"
_NESTEROV = "try Nesterov(0.1, friction=0.9)"
_BETAS = "its betas are keep_mean= and keep_square="
INSTEAD = {
    ("SGD", "momentum"): "try Momentum(0.1, friction=0.9)", ("SGD", "nesterov"): _NESTEROV,
    ("Momentum", "nesterov"): _NESTEROV, ("Adam", "betas"): _BETAS, ("AdamW", "betas"): _BETAS,
    ("Run", "lr"): _RATE, ("Run", "learning_rate"): _RATE, ("Run", "seed"): _SEED, ("Run", "random_state"): _SEED,
    ("Run", "epochs"): "how long is said when it trains: run.train(epochs=10)",
}  # fmt: skip
"""Arguments that are something else here: what is called, the argument, and what to try."""


def _each(names: str, words: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), words)


_WEIGHTS = "weights get_weights params parameters named_parameters state_dict coef_ coefs_ kernel"
_COMMIT = "every batch ends in a commit, which empties the banks too: run.train(batches=1) makes one"
_COINS = 'coins are in receipts: run.ledger.receipt("h2->y", batch=1, sample=1)'
_BLAME = 'blame is in receipts: run.ledger.receipt("h2", batch=1, sample=1)'
_LOSSES = "run.ledger.epoch(1) has an epoch's losses, run.ledger.batch_loss(1) is a batch's"
_OF_THE_LEDGER = (
    "accuracy batch batch_loss epoch header lasting learning_rate_at lifetime memory_at receipt rows_of seal seal_at "
    "trace weights_at"
)
ATTRIBUTES: dict[str, dict[str, str]] = {
    "Run": {
        **_each("fit learn optimize", "try run.train(epochs=10)"),
        **_each("partial_fit train_on_batch step zero_grad", _COMMIT),
        **_each("forward predict_proba decision_function transform", "try run.predict(rows)"),
        **_each("backward", _BLAME),
        **_each("grad grads gradient gradients", _COINS),
        **_each("loss losses loss_ loss_curve_ history", _LOSSES),
        **_each("evaluate score", "run.ledger.epoch(1) says how it went, run.validation_at(1) of rows held back"),
        **_each(_WEIGHTS, "they are run.ledger.weights_at(batch), the first ones those at 0"),
        **_each("optimizer", "it is run.rule"),
        **_each("model net module", "it is run.network"),
        **_each("data", "it is run.dataset"),
        **_each("lr learning_rate", "it is run.ledger.learning_rate_at(batch), and begins as run.rule has it"),
        **_each("batch_size", "it is run.ledger.header.batch_size"),
        **_each("epochs", "try run.ledger.epoch(1), and train(epochs=10) for more"),
        **_each("compile", "loss, rule and batch size are given to Run itself: Run(network, data, rule=SGD(0.1))"),
        **_each("play show plot animate", "try piggybank.play(run)"),
        **_each("load load_weights load_model load_state_dict", 'try piggybank.open_ledger("run.piggy")'),
        **_each("summary", "try print(run.ledger.epoch(1))"),
        **{name: f"it is the ledger's, run.ledger.{name}" for name in _OF_THE_LEDGER.split()},
    },
    "Network": {
        **_each("fit train learn step zero_grad", 'a run trains it: Run(network, "xor").train(epochs=10)'),
        **_each("compile loss optimizer", "a run has loss and rule: Run(network, data, rule=SGD(0.1))"),
        **_each("predict evaluate score", "a run predicts: run.predict(rows)"),
        **_each(_WEIGHTS, "first ones are network.initial_weights(), later ones run.ledger.weights_at(batch)"),
        **_each("grad gradients", _COINS),
        **_each("add append", "all layers are given at once: Network(Dense(2, 3), Dense(3, 1))"),
        **_each("summary", "try print(network)"),
        **_each("save", 'a run is saved: run.save("run.piggy")'),
    },
    "Dense": {
        **_each(f"weight {_WEIGHTS}", "they are in network.initial_weights(), and in run.ledger.weights_at(batch)"),
        **_each("bias biases", "it is the last row in network.initial_weights(), and in run.ledger.weights_at(batch)"),
        **_each("units out_features", "it is layer.outputs"),
        **_each("in_features", "it is layer.inputs"),
    },
    "Ledger": {
        **_each("history loss losses", "ledger.epoch(1) has an epoch's losses, ledger.batch_loss(1) is a batch's"),
        **_each(_WEIGHTS, "they are ledger.weights_at(batch), the first ones those at 0"),
        **_each("batches records", "they are counted by len(ledger), and ledger.batch(1) is the first"),
        **_each("epochs", "ledger.epoch(1) is the first"),
        **_each("grad grads gradient gradients", 'coins are in receipts: ledger.receipt("h2->y", batch=1, sample=1)'),
        **_each("evaluate score", "try ledger.epoch(1)"),
        **_each("summary", "try print(ledger.epoch(1))"),
        **_each("fit train step", "a ledger remembers what a run has learned: run.train(epochs=10)"),
        **_each("save", 'a run is saved: run.save("run.piggy")'),
        **_each("inputs targets rows", "they are in ledger.header"),
        **_each("to_csv to_dataframe df", "try piggybank export run.piggy --csv tables, on the command line"),
        **_each("play show plot", "try piggybank.play(ledger)"),
    },
    "Dataset": {
        **_each("X x data features values", "they are dataset.inputs"),
        **_each("Y y target label labels", "they are dataset.targets"),
        **_each("feature_names columns", "they are dataset.input_names"),
        **_each("index", "they are dataset.row_names"),
        **_each("class_names", "they are dataset.classes"),
        **_each("shape", "try dataset.inputs.shape"),
        **_each("head describe info", "try dataset.inputs[:5]"),
        **_each("split train_test_split", "Run(…, validation=0.25) holds rows back"),
        **_each("batch shuffle", "that is the run's: Run(…, batch_size=4, shuffle=True)"),
    },
    "Rule": {
        **_each("step zero_grad minimize apply_gradients", _COMMIT),
        **_each("lr learning_rate momentum beta_1 beta_2 eps param_groups defaults", "it is in rule.settings"),
        **_each("state state_dict", "what it keeps is run.ledger.memory_at(batch)"),
    },
    "Lesson": _each("show start", "try lesson.play()"),
}
"""Attributes of our classes, and what to use here."""
FIXED = {
    "Run": "a run stays as it was made and recorded; run.fork(1, …) is one with other settings",
    "Network": "a network stays as it was made; make another",
    "Dense": "a layer stays as it was made; make another",
}
"""Classes whose attributes are not set from outside: others libraries take new settings so, which nothing here would
notice."""
