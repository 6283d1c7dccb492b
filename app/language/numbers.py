"""Numbers as they are written where the person reads them, by QLocale."""

from PySide6.QtCore import QCoreApplication, QLocale

translate = QCoreApplication.translate


def decimal(value: float, places: int = 0) -> str:
    """A number with so many decimal places, with the language's decimal sign."""
    return QLocale().toString(float(value), "f", places)


def percent(share: float, places: int = 0) -> str:
    """A share in [0, 1] in percent."""
    return translate("Numbers", "{0} %").format(decimal(100.0 * share, places))
