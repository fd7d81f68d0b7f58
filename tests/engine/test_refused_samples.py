"""What would mix or compare samples is refused with the reason."""

from __future__ import annotations

import pytest
from refusing import run

from piggybank import DataError, Dense


@pytest.mark.parametrize(
    "name",
    ["BatchNorm1d", "BatchNorm2d", "batch_norm", "batch-norm", "Batch Normalization", "batch normalisation", "BN",
     "softmax over the batch", "SyncBatchNorm"],
)  # fmt: skip
def test_a_layer_that_mixes_samples_is_refused_with_the_reason_however_it_is_spelled(name: str) -> None:
    with pytest.raises(DataError, match="mix the samples of a batch before the bank"):
        Dense(2, 3, name)


@pytest.mark.parametrize(
    "name",
    ["contrastive_loss", "ContrastiveLoss", "barlow twins", "BarlowTwins", "SimCLR", "NT-Xent", "nt_xent",
     "NTXentLoss", "triplet-margin", "TripletMarginLoss", "InfoNCE", "info nce loss", "Supervised Contrastive",
     "VICReg", "siamese", "N-pair"],
)  # fmt: skip
def test_a_loss_that_compares_samples_is_refused_with_the_reason_however_it_is_spelled(name: str) -> None:
    with pytest.raises(DataError, match="compares the samples of a batch with one another"):
        run(loss=name)


@pytest.mark.parametrize("name", ["LayerNorm", "layer norm", "instance_norm", "GroupNorm"])
def test_a_layer_that_keeps_samples_apart_is_only_said_not_to_be_there(name: str) -> None:
    with pytest.raises(DataError, match=f"there is no activation called '{name}'"):
        Dense(2, 3, name)
