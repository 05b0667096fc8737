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

bool is_root(std::string_view name) {
  constexpr std::string_view end = ".root.json";
  return name.ends_with(end) && name.find_first_not_of("0123456789") == name.size() - end.size();
}

// Whether a root that is there is one of the mirror's, and none is another's.
bool is_same_repository(Files& files, const std::string& path, const MirrorFiles& mirror) {
  bool same = false;
  for (const auto& [name, content] : mirror) {
    if (!is_root(name) || !files.exists(path + "/" + name)) continue;
    if (files.read(path + "/" + name, content.size()).value_or("") != content) return false;
    same = true;
  }
  return same;
}

Result<void> check_folder(Files& files, const std::string& path, const MirrorFiles& mirror) {
  if (!files.exists(path)) return {};
  if (!files.is_directory(path))
    return fail(Code::conflict, path + " is there and is no folder", {},
                "name a folder, or a file that ends with .tar");
  TRY(const auto names, files.list(path));
  if (names.empty()) return {};
  if (!files.exists(path + "/" + std::string(last)))
    return fail(Code::conflict, path + " holds something else than a mirror",
                "it has no " + std::string(last), "name a new folder");
  if (is_same_repository(files, path, mirror)) return {};
  return fail(Code::conflict, path + " holds another TUF repository",
              "no root in it is one of those that lead to what was fetched", "name a new folder");
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

Result<void> check_name(const std::string& path) {
  if (path == "-")
    return fail(Code::invalid_argument, "a mirror is not written to standard output", {},
                "name a folder, or a file that ends with .tar");
  for (const std::string_view end : {".tgz", ".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2", ".zip"})
    if (path.ends_with(end))
      return fail(Code::invalid_argument, "a mirror is not written as " + path,
                  "it is a folder, or a tar file that is not compressed",
                  path.substr(0, path.size() - end.size()) + ".tar");
  return {};
}

Result<void> write_folder(Files& files, const std::string& path, const MirrorFiles& mirror) {
  TRY_OK(check_folder(files, path, mirror));
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
