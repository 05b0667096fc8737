#include "cosign/commands/manifest-verify/manifest_images.h"

#include <algorithm>
#include <array>
#include <set>

#include "sigstore/codec/json.h"
#include "sigstore/codec/yaml/yaml.h"
#include "sigstore/oci/reference.h"

namespace cosign {
namespace {

namespace json = sigstore::codec::json;
namespace yaml = sigstore::codec::yaml;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

constexpr std::array container_lists = {"initContainers", "containers", "ephemeralContainers"};

bool is_container_list(const json::Member& member) {
  return std::ranges::find(container_lists, member.key) != container_lists.end() && member.value.array();
}

std::string indexed(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

const std::string* text_of(const json::Value& value, std::string_view key) {
  const auto* member = value.get(key);
  return member == nullptr ? nullptr : member->string();
}

// An object of the API has a kind; inside of one, fields have paths.
struct Place {
  std::string object;  // "Deployment web"
  std::string path;    // "spec.template.spec"
  [[nodiscard]] Place at(const std::string& key) const { return {object, joined(path, key)}; }
  [[nodiscard]] Place at(std::size_t index) const { return {object, indexed(path, index)}; }
  [[nodiscard]] std::string text() const { return object.empty() ? path : object + ": " + path; }
};

class Walk {
 public:
  explicit Walk(const std::string& name) : name_(name) {}

  Result<void> object(const json::Value& value, Place place) {
    const bool is_api_object = text_of(value, "kind") != nullptr && text_of(value, "apiVersion") != nullptr;
    if (is_api_object) place = {named(value), ""};
    TRY_OK(containers(value, place));
    TRY_OK(volumes(value, place));
    for (const json::Member& member : value.object()->members()) {
      if (is_api_object && member.key == "status") continue;
      if (!is_container_list(member)) TRY_OK(any(member.value, place.at(member.key)));
      if (member.key == "image" && member.value.string()) note(place.at("image"), "is not in a pod");
    }
    return {};
  }

  Result<void> any(const json::Value& value, const Place& place) {
    if (value.object()) return object(value, place);
    if (!value.array()) return {};
    for (std::size_t i = 0; i < value.array()->size(); ++i) TRY_OK(any((*value.array())[i], place.at(i)));
    return {};
  }

  [[nodiscard]] ManifestImages take() { return std::move(found_); }

 private:
  static std::string named(const json::Value& value) {
    const auto* metadata = value.get("metadata");
    const auto* name = metadata == nullptr ? nullptr : text_of(*metadata, "name");
    return *text_of(value, "kind") + (name == nullptr ? "" : " " + *name);
  }

  Result<void> containers(const json::Value& pod, const Place& place) {
    for (const char* key : container_lists) {
      const auto* list = pod.get(key);
      if (list == nullptr || !list->array()) continue;
      for (std::size_t i = 0; i < list->array()->size(); ++i)
        TRY_OK(container((*list->array())[i], place.at(key).at(i)));
    }
    return {};
  }

  // What else is in a container is looked at too: nobody knows what custom kinds have there.
  Result<void> container(const json::Value& value, const Place& place) {
    if (!value.object()) return any(value, place);
    TRY_OK(image(value.get("image"), place.at("image")));
    for (const json::Member& member : value.object()->members())
      TRY_OK(any(member.value, place.at(member.key)));
    return {};
  }

  Result<void> volumes(const json::Value& pod, const Place& place) {
    const auto* list = pod.get("volumes");
    if (list == nullptr || !list->array()) return {};
    for (std::size_t i = 0; i < list->array()->size(); ++i) {
      const auto* source = (*list->array())[i].get("image");
      if (source != nullptr && source->object())
        TRY_OK(image(source->get("reference"), place.at("volumes").at(i).at("image.reference")));
    }
    return {};
  }

  Result<void> image(const json::Value* value, const Place& place) {
    if (value == nullptr || value->is_null()) return note(place, "is not there"), Result<void>();
    const std::string* text = value->string();
    if (text == nullptr)
      return fail(Code::malformed, name_ + " has an image that is no text", place.text(), "put it in quotes");
    if (text->empty()) return note(place, "is empty"), Result<void>();
    if (const auto reference = sigstore::oci::Reference::parse(*text); !reference)
      return fail(Code::malformed, reference.error().message,
                  name_ + ", " + place.text() +
                      (reference.error().cause.empty() ? "" : ": " + reference.error().cause),
                  reference.error().hint);
    if (seen_.insert(*text).second) found_.images.push_back(*text);
    return {};
  }

  void note(const Place& place, const std::string& why) {
    found_.notes.push_back(name_ + ", " + place.text() + " " + why + ": not verified");
  }

  const std::string& name_;
  ManifestImages found_;
  std::set<std::string> seen_;
};

Result<std::vector<yaml::Document>> read(std::string_view text, const std::string& name) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool may_be_json = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  if (may_be_json) {
    auto value = json::parse(
        text, name, {.max_bytes = sigstore::limits::yaml_bytes, .max_values = sigstore::limits::yaml_values});
    if (value) return std::vector<yaml::Document>{{std::move(*value), 1}};
    if (name.ends_with(".json")) return fail(std::move(value).error());
  }
  auto documents = yaml::parse(text, name);
  if (!documents && text.contains("{{"))
    return fail(documents.error().with_hint(
        "a template? give what comes of it: helm template CHART | cosign manifest verify -"));
  return documents;
}

bool is_kustomization(const json::Value& value) {
  const auto* kind = text_of(value, "kind");
  return kind != nullptr && *kind == "Kustomization" && value.get("images") != nullptr;
}

}  // namespace

Result<ManifestImages> images_of_manifest(std::string_view text, const std::string& name) {
  TRY(const auto documents, read(text, name));
  Walk walk(name);
  bool changes_images = false;
  for (const auto& document : documents) {
    TRY_OK(walk.any(document.value, {}));
    changes_images |= is_kustomization(document.value);
  }
  ManifestImages found = walk.take();
  if (changes_images)
    found.notes.push_back(name + " changes images when it is applied: " +
                          "kubectl kustomize FOLDER | cosign manifest verify -");
  return found;
}

}  // namespace cosign
