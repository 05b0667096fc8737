#include "cosign/commands/mirror-create/write.h"

#include <string_view>

#include "sigstore/codec/tar.h"

namespace cosign::mirror_create {

using sigstore::AtomicFile;
using sigstore::Code;
using sigstore::fail;
using sigstore::Files;
using sigstore::Result;
namespace tar = sigstore::codec::tar;

namespace {

constexpr std::string_view last = "timestamp.json";

// Targets first, then the metadata that names them, then what names that.
template <class Visit>
Result<void> in_order(const MirrorFiles& mirror, const Visit& visit) {
  const auto rank = [](const std::string& name) {
    if (name.starts_with("targets/")) return 0;
    return name == last ? 2 : 1;
  };
  for (int now = 0; now < 3; ++now)
    for (const auto& [name, content] : mirror)
      if (rank(name) == now) TRY_OK(visit(name, content));
  return {};
}

Result<void> check_folder(Files& files, const std::string& path) {
  if (!files.exists(path) || files.exists(path + "/" + std::string(last))) return {};
  if (!files.is_directory(path))
    return fail(Code::conflict, path + " is there and is no folder", {},
                "name a folder, or a file that ends with .tar");
  TRY(const auto names, files.list(path));
  if (names.empty()) return {};
  return fail(Code::conflict, path + " holds something else than a mirror", "it has no " + std::string(last),
              "name a new folder");
}

Result<void> add(AtomicFile& file, const std::string& name, const std::string& content) {
  const auto header = tar::write_long({name, content.size(), false});
  if (!header)
    return fail(header.error().code, header.error().message, name, "name a folder: without .tar at its end");
  TRY_OK(file.write(sigstore::as_bytes(*header)));
  TRY_OK(file.write(sigstore::as_bytes(content)));
  const tar::Block zeros{};
  return file.write(sigstore::BytesView(zeros).first(tar::padding(content.size())));
}

}  // namespace

Result<void> write_folder(Files& files, const std::string& path, const MirrorFiles& mirror) {
  TRY_OK(check_folder(files, path));
  return in_order(mirror, [&](const std::string& name, const std::string& content) -> Result<void> {
    const std::string file = path + "/" + name;
    TRY_OK(files.make_directories(file.substr(0, file.rfind('/'))));
    return files.write_atomic(file, content, 0644);
  });
}

Result<void> write_tar(Files& files, const std::string& path, const MirrorFiles& mirror) {
  TRY(const auto file, files.create(path, 0644));
  TRY_OK(in_order(mirror, [&](const std::string& name, const std::string& content) {
    return add(*file, name, content);
  }));
  const tar::Block zeros{};
  TRY_OK(file->write(zeros));
  TRY_OK(file->write(zeros));
  return file->commit();
}

}  // namespace cosign::mirror_create
