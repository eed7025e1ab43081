"""The command palette: every action of the present screen and of the app, in the learner's language."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from tutor.text import Text
from tutor.ui.actions import GLOBAL, Action, actions_of

if TYPE_CHECKING:
    from tutor.ui.base import TutorBase


class ActionPalette(CommandPalette):
    """Textual's palette, but quick keys neither close the screen below it, too, nor ask for what isn't laid out yet."""

    def dismiss(self, result: object = None) -> AwaitComplete:
        return super().dismiss(result) if self.is_current else AwaitComplete()  # type: ignore[arg-type]

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):  # what was found just now has no lines yet to move over
            super()._action_command_list(action)


class ActionProvider(Provider):
    """Searches labels and help of all actions, in both languages at once."""

    def _actions(self) -> Iterable[tuple[Action, object]]:
        for action in actions_of(self.screen):
            yield action, self.screen
        for action in GLOBAL:
            if action.name != "command_palette":
                yield action, self.app

    def _title(self, action: Action) -> str:
        lang = cast("TutorBase", self.app).lang
        return f"{action.label[lang]}  ({action.key_name(lang)})"

    async def discover(self) -> Hits:
        lang = cast("TutorBase", self.app).lang
        for action, owner in self._actions():
            yield DiscoveryHit(self._title(action), partial(self._run, action, owner), help=action.help[lang])

    async def search(self, query: str) -> Hits:
        """Actions whose words match, whichever language they are typed in."""
        matcher = self.matcher(query)
        lang = cast("TutorBase", self.app).lang
        found = False
        for action, owner in self._actions():
            text = self._title(action)
            named = max(matcher.match(word) for word in (text, action.label.en, action.label.zh))
            told = max(matcher.match(word) for word in (action.help.en, action.help.zh))
            # A name that fits comes before a sentence in which the letters merely occur.
            score = max(named, told / 4)
            if score > 0:
                found = True
                yield Hit(
                    score, matcher.highlight(text), partial(self._run, action, owner), help=action.help[lang]
                )

        if not found:  # else Textual says so, in English
            yield Hit(1, Text("没有这样的操作", "No such action")[lang], lambda: None)

    async def _run(self, action: Action, owner: object) -> None:
        await self.app.run_action(action.call, owner)  # type: ignore[arg-type]
