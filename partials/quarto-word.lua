--- What Quarto's own Word output lacks; runs at the end of its filters.
--
-- Quarto sets each float into a table of one cell, its caption a paragraph of raw
-- Word; the caption and content are put back as they stand in the built-in engine's
-- file, so that an edited copy of either can be merged. Alternative texts, which it
-- leaves in an attribute, become those of the pictures, and the file names the commit
-- that it was made of. Where the built-in engine runs it, there is nothing to mend.

if not FORMAT:match("docx") then return {} end

local function is_caption(block)
  if block.t ~= "Para" then return false end
  local first = block.content[1]
  return first ~= nil and first.t == "RawInline" and first.format == "openxml"
    and first.text:match("ImageCaption") ~= nil
end

local function styled(blocks, style)
  return pandoc.Div(blocks, pandoc.Attr("", {}, {["custom-style"] = style}))
end

-- The division of a float, in the one cell of a table without a head; else nil.
local function float_in(tbl)
  if #tbl.colspecs ~= 1 or #tbl.bodies ~= 1 or #tbl.bodies[1].body ~= 1 then return nil end
  local contents = tbl.bodies[1].body[1].cells[1].contents
  local div = contents[1]
  if #contents ~= 1 or div.t ~= "Div" or not div.identifier:match("^%a+%-") then return nil end
  for _, block in ipairs(div.content) do
    if is_caption(block) then return div end
  end
end

local function unwrap(tbl)
  local div = float_in(tbl)
  if not div then return nil end
  local above, below, caption, top = pandoc.Blocks({}), pandoc.Blocks({}), nil, false
  for i, block in ipairs(div.content) do
    if is_caption(block) then
      block.content:remove(1)
      caption, top = block, i == 1
    elseif caption then
      below:insert(block)
    else
      above:insert(block)
    end
  end
  local named = styled({caption}, top and "Table Caption" or "Image Caption")
  local blocks = pandoc.Blocks({})
  if not top then blocks:insert(styled(above, "Captioned Figure")) end
  blocks:insert(named)
  blocks:extend(below)
  return pandoc.Div(blocks, pandoc.Attr(div.identifier))
end

local function described(image)
  local alt = image.attributes["fig-alt"] or image.attributes["alt"]
  if not alt or alt == "" then return nil end
  image.caption = pandoc.Inlines(alt)
  image.attributes["fig-alt"], image.attributes["alt"] = nil, nil
  return image
end

-- The commit, where the sources are those of one.
local function revision(meta)
  if meta["source-revision"] then return nil end
  local function git(...)
    local done, said = pcall(pandoc.pipe, "git", {...}, "")
    return done and (said:gsub("%s+$", "")) or nil
  end
  local commit = git("rev-parse", "HEAD")
  local changed = git("status", "--porcelain", "--untracked-files=no")
  if not commit or changed ~= "" then return nil end
  meta["source-revision"] = pandoc.MetaString(commit)
  return meta
end

return {{Image = described}, {Table = unwrap}, {Meta = revision}}
