#include "sigstore/base/testing/memory_files.h"

#include <algorithm>
#include <cstring>

namespace sigstore::fakes {
namespace {

std::string normal(std::string path) {
  while (path.starts_with("./")) path.erase(0, 2);
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path.empty() ? "." : path;
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

class MemoryReader final : public FileReader {
 public:
  explicit MemoryReader(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t size = std::min(out.size(), text_.size() - at_);
    if (size > 0) std::memcpy(out.data(), text_.data() + at_, size);
    at_ += size;
    return size;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

class MemoryAtomicFile final : public AtomicFile {
 public:
  MemoryAtomicFile(MemoryFiles& files, std::string path, unsigned mode)
      : files_(files), path_(std::move(path)), mode_(mode) {}
  Result<void> write(BytesView chunk) override {
    auto written = files_.step("write", path_);
    text_.append(as_text(written ? chunk : chunk.first(chunk.size() / 2)));
    return written;
  }
  Result<std::unique_ptr<FileReader>> read_back() override { return std::make_unique<MemoryReader>(text_); }
  Result<void> commit() override { return commit_as(path_); }
  Result<void> commit_as(const std::string& path) override {
    TRY_OK(files_.step("write", path));
    return files_.store(path, text_, mode_, false);
  }
  Result<void> commit_new() override {
    TRY_OK(files_.step("write", path_));
    return files_.store(path_, text_, mode_, true);
  }

 private:
  MemoryFiles& files_;
  std::string path_;
  std::string text_;
  unsigned mode_;
};

class MemoryAppendFile final : public AppendFile {
 public:
  MemoryAppendFile(MemoryFiles& files, std::string path) : files_(files), path_(std::move(path)) {}
  [[nodiscard]] std::uint64_t size() const override {
    const auto file = files_.get(path_);
    return file ? file->text.size() : 0;
  }
  Result<void> append(BytesView bytes) override {
    TRY_OK(files_.step("write", path_));
    const std::lock_guard lock(files_.mutex_);
    files_.files_[path_].text.append(as_text(bytes));
    return {};
  }
  Result<void> sync() override { return files_.step("sync", path_); }
  Result<void> cut(std::uint64_t size) override {
    TRY_OK(files_.step("cut", path_));
    const std::lock_guard lock(files_.mutex_);
    files_.files_[path_].text.resize(size);
    return {};
  }

 private:
  MemoryFiles& files_;
  std::string path_;
};

class MemoryFileLock final : public FileLock {
 public:
  MemoryFileLock(MemoryFiles& files, std::string path) : files_(files), path_(std::move(path)) {}
  ~MemoryFileLock() override {
    const std::lock_guard lock(files_.mutex_);
    files_.locks_.erase(path_);
  }

 private:
  MemoryFiles& files_;
  std::string path_;
};

Result<void> MemoryFiles::step(const std::string& operation, const std::string& path) {
  const std::lock_guard lock(mutex_);
  ++operations_;
  if (fail_at_ > 0 && operations_ == fail_at_)
    return fail(fail_code_, "cannot " + operation + " " + path, "injected fault");
  const auto broken = broken_.find(normal(path));
  if (operation == "write" && broken != broken_.end())
    return fail(broken->second, "cannot write " + path, "injected fault");
  return {};
}

std::string MemoryFiles::resolve(std::string path) const {
  path = normal(std::move(path));
  for (int i = 0; i < 40; ++i) {
    const auto link = links_.find(path);
    if (link == links_.end()) break;
    path = link->second;
  }
  return path;
}

void MemoryFiles::add_folders(const std::string& path) {
  for (std::string folder = path; folders_.insert(folder).second;) folder = parent_of(folder);
}

Result<void> MemoryFiles::store(const std::string& path, const std::string& text, unsigned mode,
                                bool only_new) {
  const std::lock_guard lock(mutex_);
  const std::string target = resolve(path);
  if (!folders_.contains(parent_of(target)))
    return fail(Code::not_found, "cannot write " + path, "no such file or directory");
  if (only_new && (files_.contains(target) || folders_.contains(target)))
    return fail(Code::conflict, path + " already exists");
  files_[target] = {text, mode};
  return {};
}

Result<std::string> MemoryFiles::read(const std::string& path, std::size_t max) {
  TRY_OK(step("read", path));
  const std::lock_guard lock(mutex_);
  const std::string target = resolve(path);
  if (folders_.contains(target)) return fail(Code::io, "cannot read " + path, "it is a directory");
  const auto file = files_.find(target);
  if (file == files_.end()) return fail(Code::not_found, "cannot open " + path, "no such file or directory");
  if (file->second.text.size() > max)
    return fail(Code::too_large, path + " is too large", "more than " + std::to_string(max) + " bytes");
  return file->second.text;
}

Result<std::unique_ptr<FileReader>> MemoryFiles::open(const std::string& path) {
  TRY(auto text, read(path, SIZE_MAX));
  return std::make_unique<MemoryReader>(std::move(text));
}

bool MemoryFiles::exists(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const std::string name = normal(path);
  return files_.contains(name) || links_.contains(name) || folders_.contains(name);
}

bool MemoryFiles::is_directory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  return folders_.contains(resolve(path));
}

Result<std::uint64_t> MemoryFiles::size(const std::string& path) {
  TRY(const auto text, read(path, SIZE_MAX));
  return text.size();
}

Result<std::vector<std::string>> MemoryFiles::list(const std::string& path) {
  TRY_OK(step("list", path));
  const std::lock_guard lock(mutex_);
  const std::string folder = resolve(path);
  if (!folders_.contains(folder))
    return fail(Code::not_found, "cannot list " + path, "no such file or directory");
  std::set<std::string> names;
  const auto add = [&](const std::string& entry) {
    if (entry != folder && parent_of(entry) == folder) names.insert(entry.substr(entry.rfind('/') + 1));
  };
  for (const auto& [name, file] : files_) add(name);
  for (const auto& [name, target] : links_) add(name);
  for (const auto& name : folders_) {
    if (name != "." && name != "/") add(name);
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Result<void> MemoryFiles::make_directories(const std::string& path, unsigned) {
  TRY_OK(step("make_directories", path));
  const std::lock_guard lock(mutex_);
  const std::string folder = resolve(path);
  if (files_.contains(folder))
    return fail(Code::conflict, "cannot make the directory " + path, "file exists");
  add_folders(folder);
  return {};
}

Result<std::unique_ptr<AtomicFile>> MemoryFiles::create(const std::string& path, unsigned mode) {
  TRY_OK(step("create", path));
  const std::lock_guard lock(mutex_);
  const std::string target = resolve(path);
  if (folders_.contains(target)) return fail(Code::io, "cannot write " + path, "it is a directory");
  if (!folders_.contains(parent_of(target)))
    return fail(Code::not_found, "cannot write " + path, "no such file or directory");
  return std::make_unique<MemoryAtomicFile>(*this, path, mode);
}

Result<void> MemoryFiles::remove(const std::string& path) {
  TRY_OK(step("remove", path));
  const std::lock_guard lock(mutex_);
  const std::string name = normal(path);
  if (links_.erase(name) + files_.erase(name) == 0)
    return fail(Code::not_found, "cannot remove " + path, "no such file or directory");
  return {};
}

Result<std::unique_ptr<AppendFile>> MemoryFiles::append(const std::string& path, unsigned mode) {
  TRY_OK(step("append", path));
  const std::lock_guard lock(mutex_);
  const std::string target = resolve(path);
  if (!folders_.contains(parent_of(target)))
    return fail(Code::not_found, "cannot write " + path, "no such file or directory");
  files_.try_emplace(target, Entry{"", mode});
  return std::make_unique<MemoryAppendFile>(*this, target);
}

Result<std::unique_ptr<FileLock>> MemoryFiles::lock(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const std::string target = resolve(path);
  if (!folders_.contains(parent_of(target)))
    return fail(Code::not_found, "cannot lock " + path, "no such file or directory");
  if (!locks_.insert(target).second)
    return fail(Code::conflict, "cannot lock " + path, "another process holds it");
  if (!folders_.contains(target)) files_.try_emplace(target);
  return std::make_unique<MemoryFileLock>(*this, target);
}

Result<void> MemoryFiles::rename(const std::string& from, const std::string& to) {
  TRY_OK(step("rename", from));
  const std::lock_guard lock(mutex_);
  const std::string source = resolve(from), target = resolve(to);
  if (!files_.contains(source) || !folders_.contains(parent_of(target)))
    return fail(Code::not_found, "cannot move " + from + " to " + to, "no such file or directory");
  files_[target] = std::move(files_[source]);
  files_.erase(source);
  return {};
}

Result<Time> MemoryFiles::modified(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const std::string target = resolve(path);
  if (!files_.contains(target)) return fail(Code::not_found, "cannot open " + path);
  const auto found = modified_.find(target);
  return found == modified_.end() ? Time() : found->second;
}

void MemoryFiles::set_modified(const std::string& path, Time time) {
  const std::lock_guard lock(mutex_);
  modified_[resolve(path)] = time;
}

void MemoryFiles::put(const std::string& path, std::string text, unsigned mode) {
  const std::lock_guard lock(mutex_);
  const std::string target = resolve(path);
  add_folders(parent_of(target));
  files_[target] = {std::move(text), mode};
}

void MemoryFiles::link(const std::string& path, const std::string& target) {
  const std::lock_guard lock(mutex_);
  links_[normal(path)] = normal(target);
}

std::optional<MemoryFiles::Entry> MemoryFiles::get(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto file = files_.find(resolve(path));
  if (file == files_.end()) return std::nullopt;
  return file->second;
}

std::vector<std::string> MemoryFiles::paths() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, file] : files_) names.push_back(name);
  return names;
}

void MemoryFiles::fail_at(int n, Code code) {
  const std::lock_guard lock(mutex_);
  fail_at_ = operations_ + n;
  fail_code_ = code;
}

void MemoryFiles::fail_path(const std::string& path, Code code) {
  const std::lock_guard lock(mutex_);
  broken_[normal(path)] = code;
}

int MemoryFiles::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}

}  // namespace sigstore::fakes
