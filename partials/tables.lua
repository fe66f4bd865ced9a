-- What a pipe table cannot say. `[Placebo control]{.group}` in the first cell of a
-- row opens a group and spans all columns; `::: {.notes}` below a table is set small.

local function is(format) return FORMAT:match(format) ~= nil end

local function opens_group(row)
  local block = row.cells[1] and row.cells[1].contents[1]
  local first = block and block.content and block.content[1]
  return first ~= nil and first.t == "Span" and first.classes:includes("group")
end

local function scoped(cells, scope)
  for _, cell in ipairs(cells) do
    if #cell.contents > 0 then cell.attributes.scope = scope end
  end
end

-- Cells of a row that begin in its first columns; `below` counts, by column, the rows
-- into which cells above reach down.
local function leading(row, columns, below)
  local found, column = pandoc.List(), 1
  local function pass_spanned()
    while (below[column] or 0) > 0 do
      below[column] = below[column] - 1
      column = column + 1
    end
  end
  for _, cell in ipairs(row.cells) do
    pass_spanned()
    if column <= columns then found:insert(cell) end
    for at = column, column + cell.col_span - 1 do below[at] = cell.row_span - 1 end
    column = column + cell.col_span
  end
  pass_spanned()
  return found
end

-- In HTML the first cell of a row heads it, or as many as a table in HTML has heads of
-- rows, and a row that opens a group is the head of a body of its own: pandoc would cut
-- a spanning cell at the heading column. An empty cell heads nothing.
local function add_row_headers(el)
  for _, row in ipairs(el.head.rows) do scoped(row.cells, "col") end
  local bodies = pandoc.List()
  for _, body in ipairs(el.bodies) do
    local current, below = nil, {}
    local columns = math.max(body.row_head_columns, 1)
    for _, row in ipairs(body.body) do
      local first = row.cells[1]
      local spans = #el.colspecs > 1 and first and first.col_span == #el.colspecs
      local reached = (below[1] or 0) > 0
      local heads = leading(row, columns, below)
      local headed = (reached or #first.contents > 0) and columns or 0
      if spans or current == nil or current.row_head_columns ~= headed then
        current = {attr = pandoc.Attr(), row_head_columns = headed, head = pandoc.List(), body = pandoc.List()}
        bodies:insert(current)
      end
      scoped(heads, spans and "rowgroup" or "row")
      current[spans and "head" or "body"]:insert(row)
    end
  end
  el.bodies = bodies
end

local function raw_typst(code) return pandoc.RawBlock("typst", code) end

local function table_(el)
  for _, body in ipairs(el.bodies) do
    for _, row in ipairs(body.body) do
      if opens_group(row) then
        row.cells[1].col_span = #el.colspecs
        row.cells[1].alignment = "AlignLeft"
        row.cells = pandoc.List({row.cells[1]})
      end
    end
  end
  if is("html") then add_row_headers(el) end
  -- In PDF the template sets widths, groups and continued heads.
  if is("typst") then return {raw_typst("#set-table["), el, raw_typst("]")} end
  return el
end

local function notes(el)
  if not el.classes:includes("notes") then return end
  if is("typst") then
    local blocks = pandoc.Blocks({raw_typst("#notes[")})
    blocks:extend(el.content)
    blocks:insert(raw_typst("]"))
    return blocks
  elseif is("docx") then
    el.attributes["custom-style"] = "Table Notes"
    return el
  end
end

return {{Table = table_, Div = notes}}
