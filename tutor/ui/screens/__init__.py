"""Screens: home, lesson, lab, quiz, help."""
