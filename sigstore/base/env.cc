#include "sigstore/base/env.h"

#include <algorithm>
#include <array>

namespace sigstore {

Result<void> FileReader::skip(std::uint64_t bytes) {
  std::array<std::uint8_t, 16 * 1024> dropped;
  while (bytes > 0) {
    auto part = std::span(dropped).first(std::min<std::uint64_t>(bytes, dropped.size()));
    TRY(auto got, read(part));
    if (got == 0) return {};
    bytes -= got;
  }
  return {};
}

Result<std::unique_ptr<FileReader>> AtomicFile::read_back() {
  return fail(Code::unsupported, "this kind of file cannot be read before it is complete");
}

Result<void> AtomicFile::commit_as(const std::string&) {
  return fail(Code::unsupported, "this kind of file cannot change its name");
}

Result<std::uint64_t> Files::size(const std::string& path) {
  TRY(auto file, open(path));
  std::array<std::uint8_t, 16 * 1024> counted;
  for (std::uint64_t total = 0;;) {
    TRY(auto got, file->read(counted));
    if (got == 0) return total;
    total += got;
  }
}

Result<std::unique_ptr<AppendFile>> Files::append(const std::string& path, unsigned) {
  return fail(Code::unsupported, "cannot append to " + path);
}

Result<std::unique_ptr<FileLock>> Files::lock(const std::string& path) {
  return fail(Code::unsupported, "cannot lock " + path);
}

Result<void> Files::rename(const std::string& from, const std::string&) {
  return fail(Code::unsupported, "cannot move " + from);
}

Result<Time> Files::modified(const std::string& path) {
  return fail(Code::unsupported, "cannot tell the age of " + path);
}

Result<void> Files::write_atomic(const std::string& path, std::string_view text, unsigned mode) {
  TRY(auto file, create(path, mode));
  TRY_OK(file->write(as_bytes(text)));
  return file->commit();
}

}  // namespace sigstore
