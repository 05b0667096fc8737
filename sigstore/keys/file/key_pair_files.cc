#include "sigstore/keys/file/key_pair_files.h"

#include "sigstore/base/limits.h"

namespace sigstore::keys {

namespace {

constexpr unsigned private_mode = 0600;
constexpr unsigned public_mode = 0644;

Result<std::unique_ptr<AtomicFile>> filled(Files& files, const std::string& path, std::string_view text,
                                           unsigned mode) {
  TRY(auto file, files.create(path, mode));
  TRY_OK(file->write(as_bytes(text)));
  return file;
}

Result<void> commit(AtomicFile& file, bool overwrite) {
  return overwrite ? file.commit() : file.commit_new();
}

}  // namespace

KeyPairFiles::KeyPairFiles(Files& files, const std::string& prefix)
    : files_(files), private_path_(prefix + ".key"), public_path_(prefix + ".pub") {}

std::vector<std::string> KeyPairFiles::existing() const {
  std::vector<std::string> found;
  for (const auto& path : {private_path_, public_path_}) {
    if (files_.exists(path)) found.push_back(path);
  }
  return found;
}

Result<void> KeyPairFiles::probe() {
  TRY_OK(files_.create(private_path_, private_mode));
  TRY_OK(files_.create(public_path_, public_mode));
  return {};
}

// The public key takes its name first: a run that is killed in between has lost nothing, since the private
// key that stands there still gives its public half.
Result<void> KeyPairFiles::write(std::string_view private_pem, std::string_view public_pem, bool overwrite) {
  if (!overwrite && !existing().empty()) return fail(Code::conflict, existing().front() + " already exists");
  TRY(const auto private_file, filled(files_, private_path_, private_pem, private_mode));
  TRY(const auto public_file, filled(files_, public_path_, public_pem, public_mode));
  const auto before = files_.read(public_path_, limits::key_file_bytes);
  TRY_OK(commit(*public_file, overwrite));
  auto committed = commit(*private_file, overwrite);
  if (committed) return {};
  if (auto restored = restore_public(before); !restored)
    committed.error().hint = "remove " + public_path_ + ": it belongs to a private key that was not written";
  return committed;
}

Result<void> KeyPairFiles::restore_public(const Result<std::string>& before) {
  if (before) return files_.write_atomic(public_path_, *before, public_mode);
  if (before.error().code == Code::not_found) return files_.remove(public_path_);
  return fail(before.error());
}

}  // namespace sigstore::keys
