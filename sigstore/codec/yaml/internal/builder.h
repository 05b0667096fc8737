// Builds values from the events of a YAML text, within bounds. Private to this room.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sigstore/codec/yaml/yaml.h"

namespace sigstore::codec::yaml {

// One node as the text has it.
struct Node {
  std::string anchor;  // "" when it has none
  std::string tag;     // resolved: "tag:yaml.org,2002:str"; "" when it has none
  std::string text;    // of a scalar
  bool plain = false;  // a scalar without quotes
};

// Each function's error has no place in it yet: the reader knows where it is.
class Builder {
 public:
  explicit Builder(const ParseOptions& options) : options_(options) {}

  void begin_document();
  Result<void> scalar(Node node);
  Result<void> alias(const std::string& anchor);
  Result<void> open_map(Node node) { return open(std::move(node), true); }
  Result<void> open_list(Node node) { return open(std::move(node), false); }
  Result<void> close();
  [[nodiscard]] json::Value end_document() { return std::move(root_); }

 private:
  struct Open {
    bool is_map = false;
    json::Object map;
    json::Array list;
    std::set<std::string, std::less<>> names;  // of the map's members
    std::optional<std::string> key;            // whose value comes next
    bool merges = false;                       // that value is merged: the key was <<
    std::vector<json::Value> merged;
    std::string anchor;
  };
  struct Size {
    std::size_t values = 0;
    std::size_t bytes = 0;
    std::size_t depth = 0;
  };

  Result<void> open(Node node, bool is_map);
  Result<void> add(json::Value value);
  Result<void> name_member(Open& map, Node node);
  Result<void> keep(const std::string& anchor, const json::Value& value);
  Result<void> spend(const Size& size);
  static Size measure(const json::Value& value);
  static Result<void> merge(Open& map);
  static Result<void> merge_map(Open& map, json::Value& from);

  ParseOptions options_;
  std::vector<Open> open_;
  json::Value root_;
  std::map<std::string, json::Value, std::less<>> anchors_;
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace sigstore::codec::yaml
