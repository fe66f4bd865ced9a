--- Values, claims, notices and turned pages, in the form each format can bear.
--
-- HTML keeps every span as it is (values.html opens its card). Word gets a
-- character style, and each value a content control tagged with its key, so that
-- a co-author sees which numbers are computed and cannot type over them. PDF
-- gets plain text. `::: {.notice}` is boxed in PDF and Word; `::: {.landscape}`
-- turns the page. Works as a Quarto filter and with plain pandoc.

local function is(format) return FORMAT:match(format) ~= nil end

local XML = {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;"}
local function escaped(text) return (text:gsub('[&<>"]', XML)) end

local function openxml(text) return pandoc.RawInline("openxml", text) end

local function styled(content, style)
  return pandoc.Span(content, pandoc.Attr("", {}, {["custom-style"] = style}))
end

-- A key is at most 64 characters in Word; longer ones lose their end.
local controls = 0
local function content_control(key, content)
  local tag = escaped(key:sub(1, 64))
  controls = controls + 1
  return {
    openxml('<w:sdt><w:sdtPr><w:alias w:val="' .. tag .. '"/><w:tag w:val="' .. tag
      .. '"/><w:id w:val="' .. controls .. '"/><w:lock w:val="contentLocked"/>'
      .. '</w:sdtPr><w:sdtContent>'),
    styled(content, "Computed value"),
    openxml("</w:sdtContent></w:sdt>"),
  }
end

-- A group of rows in a table, marked by `[Placebo]{.group}` in its first cell.
local function group(el)
  el.content = {pandoc.Strong(el.content)}
  return el
end

local function span(el)
  if el.classes:includes("group") then return group(el) end
  if el.classes:includes("value") then
    if is("docx") then
      local key = el.attributes["key"] or el.attributes["data-key"] or ""
      return content_control(key, el.content)
    elseif is("typst") then
      return el.content
    end
  elseif el.classes:includes("claim") then
    if is("docx") then
      return styled(el.content, "Claim")
    elseif is("typst") then
      return el.content
    end
  end
end

-- "P = 0.02", "I² = 0%" and "1.22–11.92" never break at the line's end. The text
-- itself stays as it is: a box in PDF, an unbroken span in HTML; Word may break it.

-- What an element is to such a run.
local function kind_of(el)
  local t = el.t
  if t == "Space" or t == "SoftBreak" then return "space" end
  if t == "Str" then
    local text = el.text
    return (text == "=" or text == "–") and text or "other"
  end
  if t == "Span" and el.classes:includes("value") then
    return el.attributes["data-unit"] == "p" and "P value" or "value"
  end
  return "other"
end

local function is_value(kind) return kind == "value" or kind == "P value" end

-- Where the unbroken run that starts at `from` ends; nil where none starts.
local function run_end(kinds, from)
  local last = nil
  local first, second, third = kinds[from], kinds[from + 1], kinds[from + 2]
  if first ~= "space" and second == "space" and (third == "=" or third == "P value") then
    last = from + 2
    if third == "=" and kinds[last + 1] == "space" then last = last + 1 end
  elseif is_value(first) and second == "–" and is_value(third) then
    last = from + 2
  end
  while last and kinds[last + 1] and kinds[last + 1] ~= "space" do
    last = last + 1
  end
  return last
end

local function unbroken(content)
  if is("html") then return {pandoc.Span(content, pandoc.Attr("", {"unbroken"}))} end
  return pandoc.Inlines(pandoc.RawInline("typst", "#box[")) .. content
    .. pandoc.Inlines(pandoc.RawInline("typst", "]"))
end

local function keep_together(inlines)
  if #inlines < 3 then return end
  local kinds = {}
  for i, el in ipairs(inlines) do kinds[i] = kind_of(el) end
  local result, found, i = pandoc.Inlines({}), false, 1
  while i <= #kinds do
    local last = run_end(kinds, i)
    if last then
      local run = pandoc.Inlines({})
      for k = i, last do run:insert(inlines[k]) end
      result:extend(unbroken(run))
      found = true
    else
      result:insert(inlines[i])
    end
    i = (last or i) + 1
  end
  return found and result or nil
end

local function between(format, before, content, after)
  local blocks = pandoc.Blocks({pandoc.RawBlock(format, before)})
  blocks:extend(content)
  blocks:insert(pandoc.RawBlock(format, after))
  return blocks
end

-- Word turns pages by sections: one ends the upright pages before the div, one
-- ends the turned pages at its close. Page, header, footer and line numbers are
-- those of reference.docx, whose relations keep their names.
local UPRIGHT = '<w:pgSz w:w="11906" w:h="16838"/>'
local TURNED = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
local function section(size)
  return '<w:p><w:pPr><w:sectPr>'
    .. '<w:headerReference w:type="default" r:id="rIdHeader"/>'
    .. '<w:footerReference w:type="default" r:id="rIdFooter"/>'
    .. '<w:type w:val="nextPage"/>' .. size
    .. '<w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418"'
    .. ' w:header="709" w:footer="709" w:gutter="0"/>'
    .. '<w:lnNumType w:countBy="1" w:distance="340" w:restart="continuous"/>'
    .. '</w:sectPr></w:pPr></w:p>'
end

local function div(el)
  if el.classes:includes("notice") then
    if is("typst") then
      return between("typst", "#notice[", el.content, "]")
    elseif is("docx") then
      el.attributes["custom-style"] = "Notice"
      return el
    end
  elseif el.classes:includes("notes") then
    if is("typst") then
      return between("typst", "#notes[", el.content, "]")
    elseif is("docx") then
      el.attributes["custom-style"] = "Table Notes"
      return el
    end
  elseif el.classes:includes("landscape") then
    if is("typst") then
      return between("typst", "#landscape[", el.content, "]")
    elseif is("docx") then
      return between("openxml", section(UPRIGHT), el.content, section(TURNED))
    end
  end
end

-- pandoc's typst writer drops alternative texts.
local function image(el)
  local alt = el.attributes["fig-alt"] or el.attributes["alt"]
  if not alt or alt == "" then return end
  local quoted = alt:gsub("\\", "\\\\"):gsub('"', '\\"')
  return pandoc.RawInline("typst", '#image("' .. el.src .. '", alt: "' .. quoted .. '")')
end

local function table_(el)
  el.attributes["custom-style"] = "JournalTable"
  return el
end

local MONTHS = {
  en = {"January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December"},
  de = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
    "August", "September", "Oktober", "November", "Dezember"},
  fr = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet",
    "août", "septembre", "octobre", "novembre", "décembre"},
}

-- Dates are written as 2026-11-22 and printed as November 22, 2026, or as the
-- document's language has it.
local function dates(meta)
  local date = pandoc.utils.stringify(meta.date or "")
  local year, month, day = date:match("^(%d%d%d%d)-(%d%d)-(%d%d)$")
  if not year then return end
  meta["date-meta"] = date
  local lang = meta.lang and pandoc.utils.stringify(meta.lang):sub(1, 2) or "en"
  local names = MONTHS[lang] or MONTHS.en
  local name, number = names[tonumber(month)], tostring(tonumber(day))
  local written = name .. " " .. number .. ", " .. year
  if lang == "de" then written = number .. ". " .. name .. " " .. year end
  if lang == "fr" then written = number .. " " .. name .. " " .. year end
  meta.date = pandoc.Inlines(written)
  return meta
end

-- Word opens with the line that cites the original; pages have it in their title block.
local function original_first(doc)
  local original = doc.meta.original
  if not original then return end
  if pandoc.utils.type(original) == "Inlines" then original = {pandoc.Para(original)} end
  doc.blocks:insert(1, pandoc.Div(original,
    pandoc.Attr("", {}, {["custom-style"] = "Original"})))
  return doc
end

-- In PDF all from the first statement on is set smaller.
local function end_matter(doc)
  for i, block in ipairs(doc.blocks) do
    if block.t == "Header" and block.classes:includes("statement") then
      doc.blocks:insert(i, pandoc.RawBlock("typst", "#show: end-matter"))
      return doc
    end
  end
end

-- On a page "331 088" is parted by its style, so that a search finds 331088.
local NARROW = utf8.char(0x202f)
local function parted(el)
  if not el.text:find(NARROW, 1, true) then return end
  local parts, rest = pandoc.Inlines({}), el.text
  while true do
    local at = rest:find("%d" .. NARROW .. "%d")
    if not at then break end
    local before = rest:sub(1, at)
    parts:insert(pandoc.Span({pandoc.Str(before)}, pandoc.Attr("", {"parted"})))
    rest = rest:sub(at + 1 + #NARROW)
  end
  parts:insert(pandoc.Str(rest))
  return parts
end

-- Of an apostrophe after a digit, typst's quotation marks would make a prime, and of one
-- before a word an opening mark.
local APOSTROPHE = utf8.char(0x2019)
local function apostrophes(el)
  if not el.text:find(APOSTROPHE, 1, true) then return end
  local parts, rest = pandoc.Inlines({}), el.text
  while true do
    local at, last = rest:find(APOSTROPHE, 1, true)
    if not at then break end
    if at > 1 then parts:insert(pandoc.Str(rest:sub(1, at - 1))) end
    parts:insert(pandoc.RawInline("typst", APOSTROPHE))
    rest = rest:sub(last + 1)
  end
  if rest ~= "" then parts:insert(pandoc.Str(rest)) end
  return parts
end

-- A format is asked for what it changes alone: every element costs its way to Lua.
if is("html") then
  return {{Inlines = keep_together}, {Str = parted, Meta = dates}}
elseif is("typst") then
  return {{Inlines = keep_together},
    {Span = span, Div = div, Image = image, Str = apostrophes, Meta = dates},
    {Pandoc = end_matter}}
elseif is("docx") then
  return {{Span = span, Div = div, Table = table_, Meta = dates}, {Pandoc = original_first}}
end
return {{Span = span, Div = div, Meta = dates}}
