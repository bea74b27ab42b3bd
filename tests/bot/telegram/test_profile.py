"""What Telegram shows of the bot before anybody writes to it."""

from __future__ import annotations

import pytest
from telegram import Bot

from actions.texts import LANGUAGES, text
from bot.telegram.profile import commands_in, register_profile
from bot.turns import COMMANDS
from tests.bot.telegram.channel import Channel, on_telegram


async def shown(bot: Bot, code: str | None) -> tuple[dict[str, str], str, str]:
    """The commands, the description and the short one that people with this language see."""
    commands = {c.command: c.description for c in await bot.get_my_commands(language_code=code)}
    description = (await bot.get_my_description(code)).description
    return commands, description, (await bot.get_my_short_description(code)).short_description


@pytest.mark.parametrize(("code", "language"), [(None, "en"), ("es", "es")])
def test_commands_and_descriptions_are_registered(code: str | None, language: str) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        await register_profile(channel.bot)
        commands, description, short = await shown(channel.bot, code)
        assert list(commands) == list(COMMANDS)
        assert commands["privacy"] == text("command_privacy", language)
        assert description == text("bot_description", language)
        assert short == text("bot_short_description", language)

    story()


@on_telegram()
async def test_people_with_any_other_language_see_english(channel: Channel) -> None:
    await register_profile(channel.bot)
    _, description, short = await shown(channel.bot, "pl")
    assert description == text("bot_description", "en")
    assert short == text("bot_short_description", "en")


@on_telegram()
async def test_registering_again_changes_nothing(channel: Channel) -> None:
    await register_profile(channel.bot)
    before = [await shown(channel.bot, code) for code in (None, "es")]
    await register_profile(channel.bot)
    assert [await shown(channel.bot, code) for code in (None, "es")] == before
    assert all(call.error is None for call in channel.api.calls)


@pytest.mark.parametrize("code", [400, 429, 502])
def test_a_refusal_of_the_profile_is_said_and_does_not_stop_the_start(
    code: int, caplog: pytest.LogCaptureFixture
) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        channel.api.fail_next("setMyCommands", code)
        await register_profile(channel.bot)

    story()
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("commands and descriptions not registered")


def test_every_command_is_described_in_every_language_in_words_of_its_own() -> None:
    described = {
        language: [command.description for command in commands_in(language)]
        for language in LANGUAGES
    }
    assert all(len(set(words)) == len(COMMANDS) for words in described.values())
    assert not set(described["en"]) & set(described["es"])
