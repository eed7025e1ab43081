"""Which documents belong together, when all that is known is pairs: union-find."""

from __future__ import annotations

from array import array
from collections import defaultdict


class UnionFind:
    """Sets that only ever grow together. Every element is a number, and a set is known by its smallest element.

    The root being the smallest is what "keep the first" needs; that alone could make chains long, so each search halves the path that
    it walked: m operations on n elements take O(m log n) (Tarjan and van Leeuwen 1984). 4 bytes an element.
    """

    def __init__(self) -> None:
        self._parents = array("I")

    def __len__(self) -> int:
        return len(self._parents)

    def add(self) -> int:
        """A new element, in a set of its own."""
        self._parents.append(len(self._parents))
        return len(self._parents) - 1

    def find(self, element: int) -> int:
        """The smallest element of the set that ``element`` is in."""
        parents = self._parents
        while (parent := parents[element]) != element:
            parents[element] = element = parents[parent]
        return element

    def union(self, a: int, b: int) -> int:
        """Make one set of the sets of two elements.

        Returns:
            Its smallest element.
        """
        a, b = self.find(a), self.find(b)
        if a > b:
            a, b = b, a
        self._parents[b] = a
        return a

    def clusters(self) -> dict[int, list[int]]:
        """The sets of two elements or more, by their first; each in ascending order."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for element in range(len(self)):
            root = self.find(element)
            if root != element:
                found[root].append(element)
        return {root: [root, *others] for root, others in sorted(found.items())}
