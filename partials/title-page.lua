--- Who wrote it, alike in all formats and by both engines.
--
-- From the authors as Quarto reads them (`by-author`, `by-affiliation`) come two
-- things that the title blocks print: `title-authors`, the names with their marks,
-- and `title-notes`, one line each for affiliations, equal contribution,
-- correspondence, ORCID and roles. Word, whose title block is its own, gets the marks
-- in its author line and the notes as paragraphs below it.

local STAR, DAGGER = "*", "†"
local WORDS = {
  en = {correspondence = "Correspondence: ", equal = "These authors contributed equally.",
    roles = "Contributions: ", keywords = "Keywords: "},
  de = {correspondence = "Korrespondenz: ", equal = "Diese Autoren haben gleich viel beigetragen.",
    roles = "Beiträge: ", keywords = "Schlüsselwörter: "},
  fr = {correspondence = "Correspondance : ", equal = "Ces auteurs ont contribué à parts égales.",
    roles = "Contributions : ", keywords = "Mots clés : "},
}

local text = pandoc.utils.stringify

local function list(value)
  if value == nil then return {} end
  local kind = pandoc.utils.type(value)
  if kind == "List" then return value end
  return {value}
end

local function flagged(author, name)
  local attributes = author.attributes
  return attributes ~= nil and attributes[name] ~= nil and attributes[name] ~= false
    and text(attributes[name]) ~= "false"
end

local function name_of(author)
  local name = author.name
  if name == nil then return "" end
  return text(pandoc.utils.type(name) == "table" and name.literal or name)
end

local function super(marks) return pandoc.Superscript(pandoc.Inlines(table.concat(marks, ","))) end

local function marks_of(author, several)
  local marks = {}
  if several then
    for _, place in ipairs(list(author.affiliations)) do marks[#marks + 1] = text(place.number) end
  end
  if flagged(author, "equal-contributor") then marks[#marks + 1] = DAGGER end
  if flagged(author, "corresponding") then marks[#marks + 1] = STAR end
  return marks
end

local function marked(author, several)
  local marks = marks_of(author, several)
  local line = pandoc.Inlines(name_of(author))
  if #marks > 0 then line:insert(super(marks)) end
  return line
end

local function place_line(place, several)
  local parts = {}
  for _, key in ipairs({"department", "name", "city", "region", "country"}) do
    if place[key] ~= nil and text(place[key]) ~= "" then parts[#parts + 1] = text(place[key]) end
  end
  local line = pandoc.Inlines({})
  if several then line:insert(super({text(place.number)})) end
  line:extend(pandoc.Inlines(table.concat(parts, ", ")))
  return line
end

-- Roles may be words, or words with a degree of contribution.
local function roles_of(author)
  local found = {}
  for _, role in ipairs(list(author.roles)) do
    if pandoc.utils.type(role) == "table" then
      for name, degree in pairs(role) do
        local known = name == "role" and text(degree) or name
        found[#found + 1] = known
      end
    else
      found[#found + 1] = text(role)
    end
  end
  table.sort(found)
  return found
end

local function notes_of(meta, authors, places, words)
  local notes = {}
  for _, place in ipairs(places) do notes[#notes + 1] = place_line(place, #places > 1) end
  local equal, letters, orcids, roles = false, {}, {}, {}
  for _, author in ipairs(authors) do
    equal = equal or flagged(author, "equal-contributor")
    local name = name_of(author)
    local email = author.email and text(author.email) or ""
    if flagged(author, "corresponding") then
      letters[#letters + 1] = name .. (email ~= "" and " (" .. email .. ")" or "")
    end
    if author.orcid then orcids[#orcids + 1] = name .. " " .. text(author.orcid) end
    local own = roles_of(author)
    if #own > 0 then roles[#roles + 1] = name .. ": " .. table.concat(own, ", ") end
  end
  local function add(mark, words_)
    local line = pandoc.Inlines({})
    if mark then line:insert(super({mark})) end
    line:extend(pandoc.Inlines(words_))
    notes[#notes + 1] = line
  end
  if equal then add(DAGGER, words.equal) end
  if #letters > 0 then add(STAR, words.correspondence .. table.concat(letters, "; ")) end
  if #orcids > 0 then add(nil, "ORCID: " .. table.concat(orcids, "; ")) end
  if #roles > 0 then add(nil, words.roles .. table.concat(roles, "; ")) end
  return notes
end

local function title_page(doc)
  local meta = doc.meta
  local authors, places = list(meta["by-author"]), list(meta["by-affiliation"])
  if #authors == 0 then return nil end
  local words = WORDS[meta.lang and text(meta.lang):sub(1, 2) or "en"] or WORDS.en
  local lines = {}
  for i, author in ipairs(authors) do lines[i] = marked(author, #places > 1) end
  local notes = notes_of(meta, authors, places, words)
  if FORMAT:match("docx") then
    meta.author = pandoc.MetaList(lines)
    local keywords = {}
    for i, keyword in ipairs(list(meta.keywords)) do keywords[i] = text(keyword) end
    if #keywords > 0 then
      notes[#notes + 1] = pandoc.Inlines(words.keywords .. table.concat(keywords, ", "))
    end
    for i = #notes, 1, -1 do
      doc.blocks:insert(1, pandoc.Div({pandoc.Para(notes[i])},
        pandoc.Attr("", {}, {["custom-style"] = "Title Notes"})))
    end
  else
    meta["title-authors"] = pandoc.MetaList(lines)
    if #notes > 0 then meta["title-notes"] = pandoc.MetaList(notes) end
  end
  return doc
end

return {{Pandoc = title_page}}
