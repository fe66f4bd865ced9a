-- Rows that open a group of a table: `[Placebo control]{.group}` in the first
-- cell spans all columns, which a pipe table cannot say.

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

return {{Table = table_}}
