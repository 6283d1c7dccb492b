"""The tools, each in a file of its own. A new one is a file and its place here."""

from app.canvas.tools import (
    fill_tool,
    gap_tool,
    hint_tool,
    lasso_tool,
    mask_tool,
    merge_tool,
    move_tool,
    paint_tool,
    pick_tool,
    remove_tool,
    select_tool,
    shape_tool,
    split_tool,
)

# In the order of the paint bar and the menu; a group stands together.
GROUPS = (
    (move_tool.SPEC,),
    (hint_tool.SPEC, pick_tool.SPEC, fill_tool.SPEC),
    (paint_tool.SPEC, lasso_tool.SPEC, select_tool.SPEC),
    (shape_tool.SPEC, split_tool.SPEC, merge_tool.SPEC, gap_tool.SPEC),
    (remove_tool.SPEC, mask_tool.SPEC),
)
TOOLS = {spec.name: spec for group in GROUPS for spec in group}
