#include "sigstore/keys/k8s/internal/kubeconfig.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/printable.h"
#include "sigstore/codec/yaml/yaml.h"
#include "sigstore/keys/k8s/internal/kubeconfig_entries.h"

namespace sigstore::keys::k8s {
namespace json = codec::json;
namespace {

// An entry of a list by its name, and the file that has it.
struct Found {
  const json::Object* value = nullptr;  // nullptr: there is none
  const KubeconfigFile* file = nullptr;
};

std::string in(const KubeconfigFile& file) {
  return codec::printable(file.path);
}

std::string name_of(const json::Value& entry) {
  const auto* name = entry.get("name");
  return name != nullptr && name->string() != nullptr ? *name->string() : "";
}

// [{"name": …, KIND: {…}}] of one file.
Result<const json::Object*> find_in(const KubeconfigFile& file, const std::string& list,
                                    const std::string& kind, const std::string& name) {
  const json::Object* found = nullptr;
  if (file.root.is_null()) return found;
  TRY(const auto* entries, json::optional_array(*file.root.object(), list, in(file)));
  if (entries == nullptr) return found;
  for (const auto& entry : *entries) {
    if (name_of(entry) != name) continue;
    const std::string what = kind + " " + codec::printable(name);
    if (found != nullptr) return fail(Code::malformed, what + " stands twice in " + in(file));
    const auto* value = entry.get(kind);
    if (value == nullptr || value->object() == nullptr)
      return fail(Code::malformed, what + " of " + in(file) + " is no object");
    found = value->object();
  }
  return found;
}

Result<Found> find(const std::vector<KubeconfigFile>& files, const std::string& list, const std::string& kind,
                   const std::string& name) {
  for (const auto& file : files) {
    TRY(const auto* value, find_in(file, list, kind, name));
    if (value != nullptr) return Found{value, &file};
  }
  return Found{};
}

std::string place_of(const std::string& kind, const std::string& name, const Found& found) {
  return kind + " " + codec::printable(name) + " of " + in(*found.file);
}

Result<std::string> current_context(const std::vector<KubeconfigFile>& files) {
  for (const auto& file : files) {
    if (file.root.is_null()) continue;
    TRY(auto name, json::optional_string(*file.root.object(), "current-context", in(file)));
    if (!name.empty()) return name;
  }
  return std::string();
}

std::unexpected<Error> not_there(const std::string& kind, const std::string& name, const std::string& who) {
  return fail(Code::malformed, "there is no " + kind + " " + codec::printable(name) + " in the kubeconfig",
              who + " names it", "see: kubectl config view");
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

}  // namespace

std::vector<std::string> kubeconfig_paths(const Variables& variables) {
  std::vector<std::string> paths;
  const std::string list = variables.get("KUBECONFIG").value_or("");
  if (list.empty()) {
    const std::string home = variables.get("HOME").value_or("");
    if (!home.empty()) paths.push_back(home + "/.kube/config");
    return paths;
  }
  std::string_view rest = list;
  while (!rest.empty()) {
    const auto colon = std::min(rest.find(':'), rest.size());
    std::string path(rest.substr(0, colon));
    if (!path.empty() && std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return paths;
}

Result<KubeconfigFile> parse_kubeconfig(std::string_view text, const std::string& path) {
  codec::yaml::ParseOptions options;
  options.max_bytes = limits::kubeconfig_bytes;
  options.max_documents = 1;
  KubeconfigFile file{path, {}};
  auto documents = codec::yaml::parse(text, in(file), options);
  if (!documents) return fail(documents.error().wrap("the kubeconfig " + in(file) + " cannot be used"));
  if (documents->empty() || documents->front().value.is_null()) return file;
  file.root = std::move(documents->front().value);
  if (file.root.object() == nullptr) return fail(Code::malformed, in(file) + " is no kubeconfig");
  const auto* kind = file.root.get("kind");
  if (kind != nullptr &&
      (kind->string() == nullptr || (*kind->string() != "Config" && !kind->string()->empty())))
    return fail(Code::malformed, in(file) + " is no kubeconfig", "it is of another kind than Config");
  return file;
}

Result<std::vector<KubeconfigFile>> read_kubeconfigs(Files& files, const std::vector<std::string>& paths) {
  std::vector<KubeconfigFile> read;
  for (const auto& path : paths) {
    auto text = files.read(path, limits::kubeconfig_bytes);
    if (!text && text.error().code == Code::not_found) continue;
    if (!text) return fail(text.error().wrap("the kubeconfig " + codec::printable(path) + " cannot be read"));
    auto file = parse_kubeconfig(*text, path);
    wipe(*text);
    if (!file) return fail(std::move(file).error());
    read.push_back(std::move(*file));
  }
  return read;
}

std::vector<std::string> context_names(const std::vector<KubeconfigFile>& files) {
  std::vector<std::string> names;
  for (const auto& file : files) {
    const auto* list = file.root.get("contexts");
    if (list == nullptr || list->array() == nullptr) continue;
    for (const auto& entry : *list->array())
      if (std::string name = codec::printable(name_of(entry));
          !name.empty() && std::ranges::find(names, name) == names.end())
        names.push_back(std::move(name));
  }
  return names;
}

Result<std::optional<Chosen>> choose(const std::vector<KubeconfigFile>& files) {
  TRY(const auto context_name, current_context(files));
  if (context_name.empty()) return std::nullopt;
  TRY(const auto context, find(files, "contexts", "context", context_name));
  if (context.value == nullptr) return not_there("context", context_name, "current-context");
  const std::string place = place_of("context", context_name, context);
  TRY(const auto cluster_name, json::optional_string(*context.value, "cluster", place));
  TRY(const auto user_name, json::optional_string(*context.value, "user", place));
  TRY(const auto cluster, find(files, "clusters", "cluster", cluster_name));
  if (cluster.value == nullptr) return not_there("cluster", cluster_name, place);
  Chosen chosen;
  TRY(chosen.cluster, parse_cluster(*cluster.value, place_of("cluster", cluster_name, cluster),
                                    folder_of(cluster.file->path)));
  if (user_name.empty()) return chosen;
  TRY(const auto user, find(files, "users", "user", user_name));
  if (user.value == nullptr) return not_there("user", user_name, place);
  TRY(chosen.user, parse_user(*user.value, place_of("user", user_name, user), folder_of(user.file->path)));
  return chosen;
}

}  // namespace sigstore::keys::k8s
