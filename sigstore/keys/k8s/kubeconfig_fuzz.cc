// A kubeconfig, merged with itself: what is chosen is whole, and the same as from one file.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/keys/k8s/internal/kubeconfig.h"

namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace k8s = sigstore::keys::k8s;
  const auto text = sigstore::as_text({data, size});
  auto file = k8s::parse_kubeconfig(text, "/k/config");
  if (!file) {
    need(!file.error().message.empty() && file.error().code != sigstore::Code::internal);
    return 0;
  }
  need(file->root.is_null() || file->root.object() != nullptr);
  std::vector<k8s::KubeconfigFile> files;
  files.push_back(std::move(*file));
  const auto once = k8s::choose(files);
  files.push_back(files.front());
  const auto twice = k8s::choose(files);
  need(once.has_value() == twice.has_value());
  if (!once) {
    need(once.error() == twice.error() && !once.error().message.empty());
    return 0;
  }
  need(once->has_value() == twice->has_value());
  if (!*once) return 0;
  const auto& chosen = **once;
  need(!chosen.cluster.server.empty() && chosen.cluster.server == (*twice)->cluster.server);
  need(chosen.cluster.authorities.file.empty() || chosen.cluster.authorities.file.starts_with('/'));
  need(chosen.user.certificate.empty() || !chosen.user.key.empty());
  need(!chosen.user.exec || !chosen.user.exec->command.empty());
  return 0;
}
