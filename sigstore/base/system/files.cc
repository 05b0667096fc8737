#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "sigstore/base/system/atomic_file.h"
#include "sigstore/base/system/file_reader.h"
#include "sigstore/base/system/system_env.h"
#include "sigstore/base/system/system_error.h"

namespace sigstore::system {
namespace {

constexpr int most_links = 40;  // as the kernel's own limit
constexpr std::size_t read_chunk = 64 * 1024;

Result<Descriptor> open_to_read(const std::string& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd) return fail_errno(errno, "cannot open " + path);
  struct stat status;
  if (fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode))
    return fail(Code::io, "cannot read " + path, "it is a directory");
  return fd;
}

// A first guess only: a pipe has no size, and a file may grow.
std::size_t expected_size(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && status.st_size > 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

// Where a write to `path` goes: the end of its chain of symbolic links, which need not exist.
Result<std::string> follow_links(const std::string& path) {
  std::string current = path;
  std::array<char, 4096> buffer;
  for (int i = 0; i < most_links; ++i) {
    const ssize_t size = readlink(current.c_str(), buffer.data(), buffer.size());
    if (size < 0) return current;  // no link, or nothing there
    std::string next(buffer.data(), static_cast<std::size_t>(size));
    const auto slash = current.rfind('/');
    if (!next.starts_with('/') && slash != std::string::npos) next = current.substr(0, slash + 1) + next;
    current = std::move(next);
  }
  return fail_errno(ELOOP, "cannot write " + path);
}

Result<void> make_directory(const std::string& path, unsigned mode) {
  if (mkdir(path.c_str(), mode) == 0) {
    if (const int error = sync_folder(folder_of(path)))
      return fail_errno(error, "cannot make the directory " + path);
    return {};
  }
  const int error = errno;
  struct stat status;
  if (error == EEXIST && stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
  return fail_errno(error, "cannot make the directory " + path);
}

}  // namespace

Result<std::string> SystemFiles::read(const std::string& path, std::size_t max) {
  TRY(const Descriptor fd, open_to_read(path));
  std::string text;
  text.reserve(std::min(expected_size(fd.get()), max) + 1);
  while (text.size() <= max) {
    const std::size_t before = text.size();
    const std::size_t next = text.capacity() > before ? text.capacity() : before + read_chunk;
    text.resize(std::min(next, max + 1));
    const auto room = std::span(reinterpret_cast<std::uint8_t*>(text.data()) + before, text.size() - before);
    const ssize_t got = read_some(fd.get(), room);
    if (got < 0) return fail_errno(errno, "cannot read " + path);
    text.resize(before + static_cast<std::size_t>(got));
    if (got == 0) return text;
  }
  return fail(Code::too_large, path + " is too large", "more than " + std::to_string(max) + " bytes");
}

Result<std::unique_ptr<FileReader>> SystemFiles::open(const std::string& path) {
  TRY(Descriptor fd, open_to_read(path));
  return make_reader(std::move(fd), path);
}

bool SystemFiles::exists(const std::string& path) {
  struct stat status;
  return lstat(path.c_str(), &status) == 0;
}

bool SystemFiles::is_directory(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Result<std::uint64_t> SystemFiles::size(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return fail_errno(errno, "cannot open " + path);
  if (S_ISDIR(status.st_mode)) return fail(Code::io, "cannot read " + path, "it is a directory");
  if (S_ISREG(status.st_mode)) return static_cast<std::uint64_t>(status.st_size);
  return fail(Code::io, "cannot read " + path, "it is a pipe or a device, which has no size");
}

Result<std::vector<std::string>> SystemFiles::list(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  if (folder == nullptr) return fail_errno(errno, "cannot list " + path);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  if (errno != 0) return fail_errno(errno, "cannot list " + path);
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> SystemFiles::make_directories(const std::string& path, unsigned mode) {
  for (auto slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string parent = path.substr(0, slash);
    if (!is_directory(parent)) TRY_OK(make_directory(parent, mode));
  }
  return is_directory(path) ? Result<void>{} : make_directory(path, mode);
}

Result<std::unique_ptr<AtomicFile>> SystemFiles::create(const std::string& path, unsigned mode) {
  if (path.empty()) return fail(Code::invalid_argument, "no file name to write to");
  struct stat status;
  const bool there = stat(path.c_str(), &status) == 0;
  if (path.ends_with('/') || (there && S_ISDIR(status.st_mode)))
    return fail(Code::io, "cannot write " + path, "it is a directory");
  if (there && (!S_ISREG(status.st_mode) || path.starts_with("/dev/") || path.starts_with("/proc/")))
    return create_in_place(path);
  TRY(const std::string target, follow_links(path));
  return create_beside(target, path, mode, random_);
}

Result<void> SystemFiles::remove(const std::string& path) {
  if (unlink(path.c_str()) != 0) return fail_errno(errno, "cannot remove " + path);
  return {};
}

}  // namespace sigstore::system
