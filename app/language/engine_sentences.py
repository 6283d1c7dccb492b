"""What engine, trainer and the readers of projects say to a person, as the window knows to translate it.

They speak plain English, with names and numbers filled in already. Here stand the sentences before that:
{0} is what was filled in first, and so on. One that is missing here appears in English. Only data; see
`app/language/engine_words.py`.
"""

from PySide6.QtCore import QT_TRANSLATE_NOOP

PROGRESS = (
    QT_TRANSLATE_NOOP("Engine", "Reading"),
    QT_TRANSLATE_NOOP("Engine", "Reading the references"),
    QT_TRANSLATE_NOOP("Engine", "Loading the model"),
    QT_TRANSLATE_NOOP("Engine", "Saving"),
    QT_TRANSLATE_NOOP("Engine", "Looking at {0}"),
    QT_TRANSLATE_NOOP("Engine", "Coloring"),
    QT_TRANSLATE_NOOP("Engine", "Laying the colors under the lines"),
    QT_TRANSLATE_NOOP("Engine", "Finding the regions"),
    QT_TRANSLATE_NOOP("Engine", "Choosing flat colors"),
    QT_TRANSLATE_NOOP("Engine", "Shading"),
    QT_TRANSLATE_NOOP("Engine", "Looking for leaks"),
    QT_TRANSLATE_NOOP("Engine", "Done"),
)

NOTES = (
    QT_TRANSLATE_NOOP("Engine", "Memory ran out at {0} pixels on {1}; a smaller try was made."),
    QT_TRANSLATE_NOOP(
        "Engine",
        "The network saw this long drawing at {0}×{1} pixels, which is little; a larger working size or single panels "
        "color better.",
    ),
    QT_TRANSLATE_NOOP("Engine", "The drawing has very many tiny areas; small ones were given to their neighbors."),
)

READING = (
    QT_TRANSLATE_NOOP("Engine", "There is no file {0}; check its name and folder."),
    QT_TRANSLATE_NOOP("Engine", "You have no permission to read {0}; ask its owner, or copy it elsewhere."),
    QT_TRANSLATE_NOOP("Engine", "Cannot read {0}: {1}."),
    QT_TRANSLATE_NOOP("Engine", "There is too little memory to open {0}; close other programs first."),
    QT_TRANSLATE_NOOP("Engine", "{0} is empty (0 bytes); save or download it again."),
    QT_TRANSLATE_NOOP("Engine", "{0} is damaged or incomplete; save or download it again."),
    QT_TRANSLATE_NOOP("Engine", "{0} is a folder, not a picture; choose a file in it."),
    QT_TRANSLATE_NOOP("Engine", "{0} is not a file with a picture in it."),
    QT_TRANSLATE_NOOP("Engine", "{0} is not a picture Nurie can open; use {1}."),
    QT_TRANSLATE_NOOP("Engine", "{0} is transparent everywhere; choose a picture with something to see."),
    QT_TRANSLATE_NOOP("Engine", "{0} is {1}×{2} pixels, so there is no picture in it."),
    QT_TRANSLATE_NOOP("Engine", "{0} is {1}×{2} pixels and the limit is {3} on a side; make it smaller first."),
    QT_TRANSLATE_NOOP("Engine", "{0} is too large; the limit is {1} pixels on a side."),
    QT_TRANSLATE_NOOP("Engine", "{0} is not a file with layers in it."),
    QT_TRANSLATE_NOOP("Engine", "{0} is neither a PSD nor an OpenRaster file; choose one of these."),
    QT_TRANSLATE_NOOP("Engine", "{0} is no OpenRaster file; save it as .ora or .psd first."),
    QT_TRANSLATE_NOOP("Engine", "{0} is not a PSD with 8-bit RGB colors; convert it first."),
    QT_TRANSLATE_NOOP("Engine", "{0} lists too many layers; merge some of them."),
    QT_TRANSLATE_NOOP("Engine", "{0} has {1}×{2} pixels in a layer and the limit is {3} on a side; crop it."),
    QT_TRANSLATE_NOOP("Engine", "The layers of {0} are too large to open; merge some of them or crop them."),
    QT_TRANSLATE_NOOP("Engine", "The layer {0} of {1} has {2}, which Nurie cannot read; merge it first."),
    QT_TRANSLATE_NOOP(
        "Engine", '{0} has no layer "{1}": choose a file that Nurie wrote, or save the line art as a PNG first.'
    ),
    QT_TRANSLATE_NOOP("Engine", "{0} is not a palette Nurie can read; use .gpl, .ase or .aco."),
    QT_TRANSLATE_NOOP("Engine", "{0} is a palette without a color; choose another one."),
    QT_TRANSLATE_NOOP("Engine", "{0} is too large for a palette; choose a .gpl, .ase or .aco file."),
    QT_TRANSLATE_NOOP("Engine", "{0} is not a file with a palette in it; choose a .gpl, .ase or .aco file."),
    QT_TRANSLATE_NOOP("Engine", "{0} has {1} colors and the limit is {2}; remove some first."),
    QT_TRANSLATE_NOOP("Engine", "{0} has a color of the kind {1}; save its colors as RGB first."),
)

WRITING = (
    QT_TRANSLATE_NOOP("Engine", "The output {0} must end in {1} or {2}."),
    QT_TRANSLATE_NOOP("Engine", "The layers in {0} need a name that ends in {1}."),
    QT_TRANSLATE_NOOP("Engine", "Cannot write {0}: there is no folder {1}."),
    QT_TRANSLATE_NOOP("Engine", "Cannot write {0}: it is a folder; choose a file name."),
    QT_TRANSLATE_NOOP("Engine", "Cannot write {0}: it is not an ordinary file; choose another name."),
    QT_TRANSLATE_NOOP("Engine", "Cannot write {0}: the disk is full. Free some space or choose another folder."),
    QT_TRANSLATE_NOOP("Engine", "Cannot write {0}: you have no permission to write it in {1}. Choose another folder."),
    QT_TRANSLATE_NOOP("Engine", "Cannot write the picture: its name is too long. Choose a shorter one."),
    QT_TRANSLATE_NOOP("Engine", "Cannot write {0}: {1}."),
    QT_TRANSLATE_NOOP("Engine", "{0} cannot be written: a {1} has at most {2} pixels a side; choose PNG."),
    QT_TRANSLATE_NOOP("Engine", "{0} cannot be written without loss: JPEG has no such kind; choose WebP or PNG."),
    QT_TRANSLATE_NOOP("Engine", "The layers are too large for {0}: a PSD holds 2 GB; choose .ora instead."),
    QT_TRANSLATE_NOOP(
        "Engine",
        "PSD files need psd-tools, which is missing from this copy of Nurie; install it, or choose .ora or .png.",
    ),
    QT_TRANSLATE_NOOP("Engine", "Cannot make the folder {0}: a file has this name; choose another."),
    QT_TRANSLATE_NOOP("Engine", "Cannot make the folder {0}: {1}; choose another."),
)

REQUESTS = (
    QT_TRANSLATE_NOOP("Engine", "There is no reference to take colors from: add at least one color picture."),
    QT_TRANSLATE_NOOP("Engine", "There is no reference picture to take colors from; add one first."),
    QT_TRANSLATE_NOOP("Engine", "The drawing has no pixels: choose another picture."),
    QT_TRANSLATE_NOOP("Engine", "All references are switched off by a weight of 0: give one of them more."),
    QT_TRANSLATE_NOOP("Engine", "There are no lines in this drawing; choose another picture or draw something first."),
    QT_TRANSLATE_NOOP("Engine", "The palette has no colors; add a swatch to it first."),
    QT_TRANSLATE_NOOP("Engine", "The colors to keep are of another size than the drawing: color it anew."),
    QT_TRANSLATE_NOOP("Engine", "A palette, shading, corrections and kept colors need flats: leave them on."),
    QT_TRANSLATE_NOOP("Engine", "There is too little memory even for the smallest working size: close other programs."),
    QT_TRANSLATE_NOOP("Engine", "There is no CUDA graphics card that can be used here: choose the device auto or cpu."),
    QT_TRANSLATE_NOOP(
        "Engine", "Apple's Metal (mps) is not available on this computer: choose the device auto or cpu."
    ),
)

MODELS = (
    QT_TRANSLATE_NOOP("Engine", "There is no model file {0}; check the name."),
    QT_TRANSLATE_NOOP("Engine", "The model file {0} is empty; get the file again."),
    QT_TRANSLATE_NOOP("Engine", "The model file {0} is cut short; get the file again."),
    QT_TRANSLATE_NOOP("Engine", "The model file {0} may not be read; change its permissions."),
    QT_TRANSLATE_NOOP("Engine", "The model file {0} cannot be read: {1}."),
    QT_TRANSLATE_NOOP("Engine", "The header of the model file {0} is damaged; get the file again."),
    QT_TRANSLATE_NOOP("Engine", "The description in the model file {0} is damaged; get the file again."),
    QT_TRANSLATE_NOOP("Engine", "The description in the model file {0} is damaged ({1}); get the file again."),
    QT_TRANSLATE_NOOP("Engine", "The model file {0} has bytes after its end, so it is damaged; get the file again."),
    QT_TRANSLATE_NOOP("Engine", "The weights in {0} do not fit its architecture: it {1}; get the file again."),
    QT_TRANSLATE_NOOP(
        "Engine", "The model file {0} was made by a newer Nurie (format {1}, this one reads up to {2}); update Nurie."
    ),
    QT_TRANSLATE_NOOP(
        "Engine", "{0} holds weights of another program: it has no Nurie description; choose a model made for Nurie."
    ),
    QT_TRANSLATE_NOOP("Engine", "{0} is no model file; choose a .safetensors file made for Nurie."),
    QT_TRANSLATE_NOOP("Engine", "{0} is a folder; choose a model file (.safetensors)."),
    QT_TRANSLATE_NOOP(
        "Engine",
        "{0} is a pickled model, which is refused because it can run any code on your computer; "
        "ask for it as a .safetensors file made for Nurie.",
    ),
    QT_TRANSLATE_NOOP("Engine", "{0} is not a model that colors drawings: choose another one."),
    QT_TRANSLATE_NOOP("Engine", "No model is installed; put one ({0}) into {1}, or name its file."),
    QT_TRANSLATE_NOOP("Engine", "There is no model named '{0}'; there are: {1}."),
    QT_TRANSLATE_NOOP("Engine", "There is no model named '{0}'; none is installed."),
    QT_TRANSLATE_NOOP("Engine", "There is no default model; name one of: {0}."),
    QT_TRANSLATE_NOOP("Engine", "{0} only points to the model (Git LFS); download the file itself."),
    QT_TRANSLATE_NOOP("Engine", "{0} is a text file and no model; choose a .safetensors file made for Nurie."),
    QT_TRANSLATE_NOOP("Engine", "There is no adapted model named '{0}'; there are: {1}."),
    QT_TRANSLATE_NOOP("Engine", "There is no adapted model named '{0}'; there is none."),
    QT_TRANSLATE_NOOP(
        "Engine",
        "The model needs the architecture '{0}', which this version of Nurie does not have (it has: {1}); "
        "update Nurie or choose another model.",
    ),
    QT_TRANSLATE_NOOP(
        "Engine", "The model's config has settings that {0} does not know ({1}); update Nurie or choose another model."
    ),
)

ADAPTING = (
    QT_TRANSLATE_NOOP("Engine", "it is tiny, {0} pixels on its longer side, and at least {1} are needed."),
    QT_TRANSLATE_NOOP("Engine", "there is nothing drawn on it."),
    QT_TRANSLATE_NOOP("Engine", "it is (nearly) the same picture as {0}."),
    QT_TRANSLATE_NOOP("Engine", "there are {0} pictures already, and more bring nothing."),
    QT_TRANSLATE_NOOP("Engine", "There is no picture to learn from."),
    QT_TRANSLATE_NOOP("Engine", "There is no picture to learn from: {0}: {1}"),
    QT_TRANSLATE_NOOP(
        "Engine",
        "There is no picture to spare for judging: a strong warp of one stands for another pose, which proves less.",
    ),
    QT_TRANSLATE_NOOP("Engine", "There is too little memory to adapt a model here: close other programs."),
    QT_TRANSLATE_NOOP("Engine", "It colors held-out pictures no better than before."),
    QT_TRANSLATE_NOOP("Engine", "{0}, adapted to one character."),
    QT_TRANSLATE_NOOP("Engine", "The folder {0} holds another training; choose another one."),
    QT_TRANSLATE_NOOP("Engine", "{0} is not a model that colors drawings: choose another one to adapt."),
    QT_TRANSLATE_NOOP(
        "Engine", "The folder {0} holds a run of other pictures or settings; choose another one, or remove it."
    ),
    QT_TRANSLATE_NOOP("Engine", "The loss is not a number at step {0}: adapt with other pictures, or to another base."),
    QT_TRANSLATE_NOOP("Engine", "The run's folder {0} cannot be used ({1}); choose another one."),
    QT_TRANSLATE_NOOP("Engine", "The adapted model {0} is of another network than its base; adapt it anew."),
    QT_TRANSLATE_NOOP("Engine", "The adapted model {0} is damaged ({1}); adapt the character anew."),
    QT_TRANSLATE_NOOP(
        "Engine", "The adapted model '{0}' changes the model '{1}', which is not there; install that one first."
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "The adapted model '{0}' was made from another version of '{1}' than the one that is there now; "
        "adapt the character anew.",
    ),
    QT_TRANSLATE_NOOP("Engine", "'{0}' is no adapted model, and only those can be deleted here."),
    QT_TRANSLATE_NOOP("Engine", "There is a model named '{0}' already that is not adapted; choose another name."),
    QT_TRANSLATE_NOOP("Engine", "A model cannot be called '{0}'; use letters or digits."),
    QT_TRANSLATE_NOOP("Engine", "The model {0} cannot be deleted: {1}."),
    QT_TRANSLATE_NOOP("Engine", "The folder {0} cannot be made: {1}."),
)

PROJECTS = (
    QT_TRANSLATE_NOOP("Engine", "{0} is no Nurie project; choose a file that Nurie saved."),
    QT_TRANSLATE_NOOP("Engine", "{0} is no Nurie project, or it is damaged; open a copy of it."),
    QT_TRANSLATE_NOOP("Engine", "{0} is no Nurie project, or damaged; open a copy of it."),
    QT_TRANSLATE_NOOP("Engine", "{0} is a folder, not a project; choose a file in it."),
    QT_TRANSLATE_NOOP("Engine", "{0} was saved by a newer Nurie; update Nurie to open it."),
    QT_TRANSLATE_NOOP("Engine", "{0} holds something this Nurie does not know ({1}); update Nurie to open it."),
    QT_TRANSLATE_NOOP("Engine", "{0} is damaged: what it says of its drawings cannot be read; open a copy of it."),
    QT_TRANSLATE_NOOP("Engine", "{0} is damaged or was changed by another program; open a copy of it."),
    QT_TRANSLATE_NOOP("Engine", "{0} is damaged in the project; open an older copy of it if there is one."),
    QT_TRANSLATE_NOOP("Engine", "{0} holds {1} parts, more than a project has; it is not opened."),
    QT_TRANSLATE_NOOP("Engine", "{0} holds a part of {1} bytes, too large to be true."),
    QT_TRANSLATE_NOOP("Engine", "A part of {0} is damaged; open an older copy of it if there is one."),
    QT_TRANSLATE_NOOP("Engine", "A part of the project is missing; open an older copy of it if there is one."),
    QT_TRANSLATE_NOOP("Engine", "A picture in the project is damaged; open an older copy of it if there is one."),
    QT_TRANSLATE_NOOP("Engine", "A picture in the project is too large to be true; open an older copy of it."),
    QT_TRANSLATE_NOOP("Engine", "A coloring in the project is damaged; open an older copy of it if there is one."),
    QT_TRANSLATE_NOOP("Engine", "The project's model {0} cannot be read: {1}."),
    QT_TRANSLATE_NOOP("Engine", "The copy for a crash cannot be written to {0}: {1}; save the project."),
    QT_TRANSLATE_NOOP("Engine", "The copy in {0} cannot be read: {1}."),
)

BATCHES = (
    QT_TRANSLATE_NOOP("Engine", "There is no folder {0}; check the name."),
    QT_TRANSLATE_NOOP("Engine", "The input {0} is a file; name the folder it lies in."),
    QT_TRANSLATE_NOOP("Engine", "You have no permission to look into the folder {0}; choose another one."),
    QT_TRANSLATE_NOOP("Engine", "{0} names no reference picture; put a file name into its list references."),
    QT_TRANSLATE_NOOP("Engine", "{0} names the reference {1}, which is not there; check the name."),
    QT_TRANSLATE_NOOP("Engine", "{0} is not UTF-8 text; save it as UTF-8."),
    QT_TRANSLATE_NOOP("Engine", "{0} is not TOML: {1}."),
    QT_TRANSLATE_NOOP("Engine", "{0} cannot be used: {1}"),
    QT_TRANSLATE_NOOP("Engine", "The folder {0} cannot be read: {1}."),
    QT_TRANSLATE_NOOP("Engine", "Another batch is writing into {0}; wait for it, or stop it first."),
    QT_TRANSLATE_NOOP("Engine", "The folder {0} cannot be written: {1}."),
    QT_TRANSLATE_NOOP("Engine", "The journal {0} cannot be written: {1}."),
    QT_TRANSLATE_NOOP("Engine", "The journal {0} cannot be written: the disk is full."),
    QT_TRANSLATE_NOOP("Engine", "The folder {0} has no drawing in it; put picture files there."),
    QT_TRANSLATE_NOOP("Engine", "The folder {0} has no drawing whose name fits {1}; check the pattern."),
    QT_TRANSLATE_NOOP("Engine", "The folder {0} may not be looked into and is left out."),
    QT_TRANSLATE_NOOP("Engine", "There is no reference for it: name one, or put pictures into a folder references."),
    QT_TRANSLATE_NOOP("Engine", "The output {0} is a file; name a folder for the pictures."),
    QT_TRANSLATE_NOOP("Engine", "The output folder is the input folder; choose another one, such as a folder in it."),
    QT_TRANSLATE_NOOP("Engine", "The folder {0} may not be written to; choose another folder for the output."),
    QT_TRANSLATE_NOOP("Engine", "The picture would overwrite {0}; choose another output folder."),
    QT_TRANSLATE_NOOP("Engine", "There is no reference {0}; check its name and folder."),
    QT_TRANSLATE_NOOP("Engine", "The references given are not used: {0} has its own, which stand nearer."),
)

SENTENCES = tuple(map(str, (*PROGRESS, *NOTES, *READING, *WRITING, *REQUESTS, *MODELS, *ADAPTING, *PROJECTS, *BATCHES)))

# The colors of `engine.color.names`, without "pale", "light" and "dark".
_COLORS = (
    QT_TRANSLATE_NOOP("Color", "black"),
    QT_TRANSLATE_NOOP("Color", "gray"),
    QT_TRANSLATE_NOOP("Color", "white"),
    QT_TRANSLATE_NOOP("Color", "pink"),
    QT_TRANSLATE_NOOP("Color", "red"),
    QT_TRANSLATE_NOOP("Color", "orange"),
    QT_TRANSLATE_NOOP("Color", "yellow"),
    QT_TRANSLATE_NOOP("Color", "green"),
    QT_TRANSLATE_NOOP("Color", "turquoise"),
    QT_TRANSLATE_NOOP("Color", "blue"),
    QT_TRANSLATE_NOOP("Color", "purple"),
    QT_TRANSLATE_NOOP("Color", "magenta"),
    QT_TRANSLATE_NOOP("Color", "peach"),
    QT_TRANSLATE_NOOP("Color", "cream"),
    QT_TRANSLATE_NOOP("Color", "beige"),
    QT_TRANSLATE_NOOP("Color", "olive"),
    QT_TRANSLATE_NOOP("Color", "brown"),
    QT_TRANSLATE_NOOP("Color", "pink gray"),
    QT_TRANSLATE_NOOP("Color", "green gray"),
    QT_TRANSLATE_NOOP("Color", "turquoise gray"),
    QT_TRANSLATE_NOOP("Color", "blue gray"),
    QT_TRANSLATE_NOOP("Color", "purple gray"),
    QT_TRANSLATE_NOOP("Color", "magenta gray"),
    QT_TRANSLATE_NOOP("Color", "brown gray"),
)
COLORS = tuple(map(str, _COLORS))
