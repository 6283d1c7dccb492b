"""Color with Nurie: a docker, and an entry in Tools › Scripts, that color line art like reference pictures."""

# pyright: reportMissingImports=false
from krita import DockWidgetFactory, DockWidgetFactoryBase, Krita

from .docker import ID, NurieDocker
from .extension import NurieExtension

_application = Krita.instance()
_application.addExtension(NurieExtension(_application))
_application.addDockWidgetFactory(DockWidgetFactory(ID, DockWidgetFactoryBase.DockRight, NurieDocker))
