#include "cosign/commands/registry-gc/render.h"

#include "sigstore/codec/json.h"
#include "sigstore/codec/words.h"

namespace cosign::gc {

namespace json = sigstore::codec::json;
using server::registry::Garbage;
using server::registry::GcPlan;
using server::registry::Removal;
using sigstore::codec::counted;

namespace {

constexpr const char* name_of(Removal::Kind kind) {
  switch (kind) {
    case Removal::Kind::tag:
      return "tag";
    case Removal::Kind::manifest:
      return "manifest";
    case Removal::Kind::blob:
      return "blob";
  }
  return "";
}

struct Sums {
  std::uint64_t tags = 0, manifests = 0, blobs = 0, contents = 0, bytes = 0;
};

Sums sums_of(const GcPlan& plan) {
  Sums sums;
  for (const Removal& removal : plan.entries) {
    if (removal.kind == Removal::Kind::tag) ++sums.tags;
    if (removal.kind == Removal::Kind::manifest) ++sums.manifests;
    if (removal.kind == Removal::Kind::blob) ++sums.blobs;
  }
  sums.contents = plan.contents.size();
  for (const Garbage& garbage : plan.contents) sums.bytes += garbage.size;
  return sums;
}

}  // namespace

std::string as_text(const GcPlan& plan, bool deleted) {
  std::string text;
  for (const Removal& removal : plan.entries)
    text +=
        removal.repository + ": " + name_of(removal.kind) + " " + removal.name + ": " + removal.why + "\n";
  for (const Garbage& garbage : plan.contents)
    text += "content " + garbage.digest.text() + ": " + counted(garbage.size, "byte") + "\n";
  const Sums sums = sums_of(plan);
  return text + (deleted ? "removed: " : "to remove: ") + counted(sums.tags, "tag") + ", " +
         counted(sums.manifests, "manifest") + ", " + counted(sums.blobs, "blob") + "; " +
         counted(sums.contents, "content") + " of " + counted(sums.bytes, "byte") + "\n";
}

std::string as_json(const GcPlan& plan, bool deleted) {
  json::Array entries, contents;
  for (const Removal& removal : plan.entries)
    entries.push_back(json::Object{{"kind", name_of(removal.kind)},
                                   {"repository", removal.repository},
                                   {"name", removal.name},
                                   {"why", removal.why}});
  for (const Garbage& garbage : plan.contents)
    contents.push_back(json::Object{{"digest", garbage.digest.text()}, {"size", garbage.size}});
  return json::write_indented(json::Object{{"version", 1},
                                           {"deleted", deleted},
                                           {"entries", std::move(entries)},
                                           {"contents", std::move(contents)},
                                           {"bytes", sums_of(plan).bytes}},
                              2) +
         "\n";
}

}  // namespace cosign::gc
