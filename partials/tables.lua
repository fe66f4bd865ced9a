-- What a pipe table cannot say. `[Placebo control]{.group}` in the first cell of a
-- row opens a group and spans all columns; `::: {.notes}` below a table is set small.

local function opens_group(cell)
  local found = false
  pandoc.walk_block(pandoc.Div(cell.contents), {
    Span = function(el) found = found or el.classes:includes("group") end,
  })
  return found
end

local function table_(el)
  for _, body in ipairs(el.bodies) do
    for _, row in ipairs(body.body) do
      local first = row.cells[1]
      if first and opens_group(first) then
        first.col_span = #el.colspecs
        first.alignment = "AlignLeft"
        row.cells = {first}
      end
    end
  end
  return el
end

local SMALL = '#block(above: 6pt)[#set text(font: ("Source Sans 3", "Libertinus Serif"), '
  .. 'size: 7.6pt, hyphenate: false)\n#set par(justify: false, leading: 0.5em)\n'

local function notes(el)
  if not el.classes:includes("notes") then return end
  if FORMAT:match("typst") then
    local blocks = pandoc.Blocks({pandoc.RawBlock("typst", SMALL)})
    blocks:extend(el.content)
    blocks:insert(pandoc.RawBlock("typst", "]"))
    return blocks
  elseif FORMAT:match("docx") then
    el.attributes["custom-style"] = "Table Notes"
    return el
  end
end

return {{Table = table_, Div = notes}}
