-- Authors in full are for the filters of a project to print; Word would keep them as
-- properties of the file.
function Meta(meta)
  meta["by-author"], meta["by-affiliation"] = nil, nil
  return meta
end
