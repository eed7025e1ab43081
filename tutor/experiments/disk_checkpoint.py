"""What training goes on from, as one file: the weights, what the optimizer remembers, and the place in the text."""

from __future__ import annotations

import torch
from torch import Tensor

from tutor.experiments.build import build_optimizers, build_transformer
from tutor.experiments.disk_config import PARTS, DiskConfig
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.nn.objectives import NextToken


class Checkpoint:
    """A model in training. It learns random tokens: how large its file is, and how fast, is the same."""

    def __init__(self, config: DiskConfig, sizes: LanguageModelConfig) -> None:
        self.mixed, self.sizes = config.numbers == "mixed", sizes
        self.model = build_transformer(sizes, sizes.vocab_size, causal=True, seed=0)
        part = sizes.model_copy(update={"optimizer": config.optimizer})
        self.optimizers = [optimizer for optimizer, _ in build_optimizers(part, self.model)]
        self.place = torch.Generator().manual_seed(0)

    def train(self) -> None:
        """Take one step, on the next batch."""
        shape = (self.sizes.batch, self.sizes.context + 1)
        batch = torch.randint(self.sizes.vocab_size, shape, generator=self.place)
        NextToken().loss(self.model, batch, self.place).backward()  # type: ignore[no-untyped-call]
        for optimizer in self.optimizers:
            optimizer.step()
        self.model.zero_grad()

    def weights(self) -> list[Tensor]:
        return [weight.data for weight in self.model.parameters()]

    def parts(self) -> dict[str, list[Tensor]]:
        """All that the file holds. In mixed precision the weights are a copy in 16 bits, and those of 32 their master copy."""
        found = {"weights": self.weights()}
        if self.mixed:
            found = {"weights": [weight.bfloat16() for weight in self.weights()], "master": self.weights()}
        for optimizer in self.optimizers:
            for name, kept in vars(optimizer).items():
                if name in PARTS:  # what it remembers from step to step
                    found.setdefault(name, []).extend(kept if isinstance(kept, list) else [kept])
        steps = [getattr(optimizer, "steps", 0) for optimizer in self.optimizers]
        return {**found, "place": [self.place.get_state(), torch.tensor(steps)]}

    def packed(self) -> bytes:
        """Return the file: the numbers of all parts, one after the other."""
        tensors = [tensor for some in self.parts().values() for tensor in some]
        return b"".join(one.contiguous().flatten().view(torch.uint8).numpy().tobytes() for one in tensors)

    def restore(self, file: bytes, *, moments: bool = True, place: bool = True) -> None:
        """Go on from a file: take over all of it, or only the weights, or all but the place in the text."""
        begin, state = 0, []
        for name, tensors in self.parts().items():
            for tensor in tensors:
                numbers = torch.frombuffer(bytearray(file[begin : begin + tensor.nbytes]), dtype=torch.uint8)
                read, begin = numbers.view(tensor.dtype).view(tensor.shape), begin + tensor.nbytes
                if name == "place":
                    state.append(read)
                elif moments or name in ("weights", "master"):
                    tensor.copy_(read)
                else:
                    tensor.zero_()
        if self.mixed and not moments:  # then there is no master copy, either
            for weight in self.weights():
                weight.copy_(weight.bfloat16())
        self.place.set_state(state[0]) if place else self.place.manual_seed(0)
        for optimizer, steps in zip(self.optimizers, state[1].tolist(), strict=True):
            if hasattr(optimizer, "steps"):
                optimizer.steps = steps if moments else 0
