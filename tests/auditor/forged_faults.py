"""The runs of faulty loops under the headers of good ones, and formulas under false names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive import derive
from forging import MOMENTUM, SGD_RULE, forgery, header, ledger, order, rule_line
from piggy import Record, records_of

from piggybank import Adam, Dense, Momentum, Network, Run
from piggybank.engine.faults import FAULTS

# A fault hidden: the run of a faulty loop, under the header of a good one ---------------------------------------------


def with_fault(fault: str) -> list[Record]:
    rule = Adam(0.125) if fault == "epsilon-inside-root" else Momentum(0.125)
    micro = {"batch_size": 3, "accumulate": 2} if fault == "average-of-averages" else {"batch_size": 3}
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return records_of(Run(network, "xor", rule=rule, fault=fault, **micro).train(epochs=3))  # type: ignore[arg-type]


def hidden(fault: str) -> Callable[[], list[Record]]:
    def make() -> list[Record]:
        found = with_fault(fault)
        header = found[0]
        rule = Adam(0.125) if header["rule"]["name"] == "Adam" else Momentum(0.125)
        kept = {*rule.memory, *rule.shared_memory}
        header["rule"] |= {"recipe": list(rule.recipe("average").text), "memory": list(rule.memory)}
        header["rule"]["shared_memory"] = list(rule.shared_memory)
        header["fault"] = ""
        for record in found[1:]:
            record["memory"] = {name: value for name, value in record["memory"].items() if name in kept}
        return found

    return make


forgery("coins that stay in the bank, hidden", "PB405", "PB407")(hidden("forgot-to-empty"))
forgery("sums for means, hidden", "PB405", "PB407")(hidden("sum-for-mean"))
forgery("averages of averages, hidden", "PB405", "PB407")(hidden("average-of-averages"))
forgery("epsilon inside the root, hidden", "PB407")(hidden("epsilon-inside-root"))
forgery("biases updated per input, hidden", "PB407")(hidden("bias-updated-per-input"))
forgery("coins of a short batch left over, hidden", "PB405", "PB407")(hidden("stale-last-batch"))
for fault in FAULTS:
    forgery(f"{fault}, not declared", "PB304", tier="strict")(
        lambda fault=fault: [with_fault(fault)[0] | {"fault": ""}, *with_fault(fault)[1:]]
    )


# Honest arithmetic under a false name ---------------------------------------------------------------------------------

forgery("a fault declared that is not there", "PB304", tier="strict")(lambda: ledger(fault="sum-for-mean"))
forgery("momentum that calls itself SGD", "PB304", tier="strict")(lambda: ledger("xor", MOMENTUM | {"name": "SGD"}))
for name in ("adam", "SGD ", "sgd"):
    forgery(f"momentum that calls itself {name!r}", "PB304", tier="strict")(
        lambda name=name: ledger("xor", MOMENTUM | {"name": name})
    )
forgery("decay without a constant for it", "PB304", tier="strict")(
    lambda: ledger("xor", rule_line(SGD_RULE, "after", "before + adjustment - before / 64"))
)
forgery("a sigmoid that calls itself tanh", "PB304", tier="strict")(
    lambda: renamed(lambda start: start["layers"][0].update(value="sigmoid(z)", slope="a * (1 - a)"))
)
forgery("a slope of another function", "PB304", tier="strict")(
    lambda: renamed(lambda start: start["layers"][0].update(slope="1 - a"))
)
forgery("a loss that is not halved", "PB304", tier="strict")(
    lambda: renamed(lambda start: start["loss"].update(blame="2 * (a - t)"))
)
forgery("a loss fused with another slope", "PB304", tier="strict")(
    lambda: renamed(lambda start: start["loss"].update(fused=True))
)
forgery("a constant that is no number", "PB305", tier="strict")(
    lambda: renamed(lambda start: start["rule"]["constants"].update(idle="inf"))
)
forgery("a weight that left the numbers", "PB305", tier="strict")(
    lambda: ledger("xor", SGD_RULE | {"constants": {"learning_rate": 1e308}})
)


def renamed(change: Callable[[Record], Any]) -> list[Record]:
    """A run whose header was changed before, so that it is carried out as it says."""
    start = header()
    change(start)
    return derive(start, order(start))
