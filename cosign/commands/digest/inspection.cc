#include "cosign/commands/digest/inspection.h"

#include <algorithm>

#include "sigstore/codec/json.h"

namespace cosign {
namespace {

namespace json = sigstore::codec::json;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Reference;
using sigstore::oci::Repository;

constexpr std::string_view what = "standard input";
constexpr std::string_view docker_hub = "index.docker.io";
constexpr std::string_view nothing = "<none>";  // what docker prints for "no repository" and "no tag"
constexpr const char* the_line = "docker image inspect IMAGE | cosign digest -";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

Result<void> add_digest(InspectedImage& image, std::string_view text) {
  if (text.starts_with(nothing)) return {};
  auto reference = Reference::parse(text);
  if (!reference) return fail(reference.error().wrap("standard input holds something else than digests"));
  if (!reference->digest)
    return fail(Code::malformed, json::quote(text.substr(0, 300)) + " on standard input is no digest", {},
                the_line);
  const bool known = std::ranges::any_of(image.pushed, [&](const Reference& other) {
    return other.repository == reference->repository && other.digest == reference->digest;
  });
  if (!known) image.pushed.push_back(std::move(*reference));
  return {};
}

Result<std::vector<std::string>> texts(const json::Array* array, std::string_view name) {
  std::vector<std::string> found;
  if (array == nullptr) return found;
  for (const json::Value& value : *array) {
    if (value.string() == nullptr)
      return fail(Code::malformed,
                  "standard input: " + std::string(name) + " holds something else than text");
    found.push_back(*value.string());
  }
  return found;
}

// An image's members; a container or a volume has others.
Result<void> check_is_image(const json::Object& object) {
  for (const char* member : {"RepoDigests", "RepoTags", "RootFS"})
    if (object.find(member) != nullptr) return {};
  return fail(Code::malformed, "standard input describes no image",
              object.find("State") != nullptr ? "it describes a container" : "", the_line);
}

Result<InspectedImage> read_image(const json::Value& value) {
  TRY(const auto* object, json::need_object(value, what));
  TRY_OK(check_is_image(*object));
  InspectedImage image;
  TRY(const auto* tags, json::optional_array(*object, "RepoTags", what));
  TRY(image.tags, texts(tags, "RepoTags"));
  std::erase_if(image.tags, [](const std::string& tag) { return tag.starts_with(nothing); });
  if (!image.tags.empty()) image.name = image.tags.front();
  TRY(const auto* digests, json::optional_array(*object, "RepoDigests", what));
  TRY(const auto lines, texts(digests, "RepoDigests"));
  for (const std::string& line : lines) TRY_OK(add_digest(image, line));
  return image;
}

Result<InspectedImage> read_lines(std::string_view text) {
  InspectedImage image;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (const auto line = trimmed(text.substr(0, end)); !line.empty()) TRY_OK(add_digest(image, line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return image;
}

Result<std::vector<InspectedImage>> read_array(const json::Array& array) {
  std::vector<InspectedImage> images;
  if (!array.empty() && array.front().string() != nullptr) {
    TRY(const auto lines, texts(&array, "the array"));
    InspectedImage image;
    for (const std::string& line : lines) TRY_OK(add_digest(image, line));
    images.push_back(std::move(image));
    return images;
  }
  for (const json::Value& value : array) {
    TRY(auto image, read_image(value));
    images.push_back(std::move(image));
  }
  return images;
}

// A JSON document; not an IPv6 address in brackets, which begins a line.
bool is_json(std::string_view text) {
  if (text.front() != '[') return text.front() == '{';
  const auto next = text.find_first_not_of(" \t\r\n", 1);
  return next == std::string_view::npos ||
         std::string_view("{\"]").find(text[next]) != std::string_view::npos;
}

// --- choosing

std::string list_of(const std::vector<Reference>& references) {
  std::string text;
  for (const Reference& reference : references) text += (text.empty() ? "" : ", ") + reference.text();
  return text;
}

bool on_docker_hub(const Repository& repository) {
  return repository.registry == docker_hub;
}

// A tag of the image that `wanted` accepts; "" when there is none.
template <typename Wanted>
std::string find_tag(const InspectedImage& image, Wanted wanted) {
  for (const std::string& tag : image.tags) {
    const auto reference = Reference::parse(tag);
    if (reference && wanted(reference->repository)) return tag;
  }
  return {};
}

std::string own_tag(const InspectedImage& image) {
  return find_tag(image, [](const Repository& repository) { return !on_docker_hub(repository); });
}

std::unexpected<sigstore::Error> not_pushed(const InspectedImage& image,
                                            const std::optional<Repository>& repository) {
  const std::string where = repository ? " to " + repository->text() : "";
  const std::string known = image.pushed.empty() ? "docker knows no digest of it (RepoDigests is empty)"
                                                 : "docker knows it as " + list_of(image.pushed);
  std::string tag =
      repository ? find_tag(image, [&](const Repository& r) { return r == *repository; }) : own_tag(image);
  std::string hint;
  if (tag.empty()) {
    tag = (repository ? repository->text() : "registry.example.com/REPOSITORY") + ":TAG";
    hint = "docker tag " + (image.tags.empty() ? "IMAGE" : image.name) + " " + tag + "\n";
  }
  return fail(Code::not_found, image.name + " was not pushed" + where + " yet", known,
              hint + "docker push " + tag);
}

// What to type instead: the repository that is meant, or where one repository knows several digests, its tag.
std::string lines_to_type(const InspectedImage& image, const std::vector<Reference>& found) {
  std::vector<std::string> lines;
  for (const Reference& reference : found) {
    const auto same = [&](const Repository& repository) { return repository == reference.repository; };
    const bool once = std::ranges::count_if(found, same, &Reference::repository) == 1;
    std::string line = std::string(the_line) + " " + reference.repository.text();
    if (!once) {
      const std::string tag = find_tag(image, same);
      line = "cosign digest " + (tag.empty() ? reference.repository.text() + ":TAG" : tag);
    }
    if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
  }
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace

Result<std::vector<InspectedImage>> parse_inspection(std::string_view text) {
  text = trimmed(text);
  if (text.empty())
    return fail(Code::not_found, "standard input is empty", "what `docker image inspect` prints was expected",
                the_line);
  std::vector<InspectedImage> images;
  if (is_json(text)) {
    TRY(const auto document, json::parse(text, what));
    if (document.array() != nullptr) {
      TRY(images, read_array(*document.array()));
    } else {
      TRY(auto image, read_image(document));
      images.push_back(std::move(image));
    }
  } else {
    TRY(auto image, read_lines(text));
    images.push_back(std::move(image));
  }
  if (images.empty())
    return fail(Code::not_found, "no image on standard input",
                "docker found none of that name: it printed []");
  return images;
}

Result<Reference> pushed_digest(const InspectedImage& image, const std::optional<Repository>& repository) {
  std::vector<Reference> found = image.pushed;
  if (repository) {
    std::erase_if(found, [&](const Reference& reference) { return reference.repository != *repository; });
  } else if (!std::ranges::all_of(found, on_docker_hub, &Reference::repository)) {
    std::erase_if(found, [](const Reference& reference) { return on_docker_hub(reference.repository); });
  }
  if (found.empty()) return not_pushed(image, repository);
  if (found.size() == 1) return found.front();
  return fail(
      Code::conflict,
      image.name + " is known under " + std::to_string(found.size()) + " digests, and only one can be meant",
      list_of(found), lines_to_type(image, found));
}

std::optional<std::string> tagged_elsewhere(const InspectedImage& image, const Reference& chosen) {
  if (!on_docker_hub(chosen.repository)) return std::nullopt;
  const std::string tag = own_tag(image);
  return tag.empty() ? std::nullopt : std::optional(tag);
}

}  // namespace cosign
