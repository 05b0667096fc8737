#include "server/host/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/temporary_folder.h"

namespace server::host {
namespace {

using sigstore::Code;

struct ServiceManager : ::testing::Test {
  sigstore::fakes::MapVariables variables;
  void pass(const std::string& count, const std::string& pid = std::to_string(getpid())) {
    variables.values["LISTEN_FDS"] = count;
    variables.values["LISTEN_PID"] = pid;
  }
};

TEST_F(ServiceManager, WithoutVariablesThereIsNothing) {
  EXPECT_TRUE(take_passed_sockets(variables).value().empty());
  variables.values["LISTEN_FDS"] = "1";
  EXPECT_TRUE(take_passed_sockets(variables).value().empty());
}

TEST_F(ServiceManager, WhatIsForAnotherProcessIsNotTaken) {
  pass("1", std::to_string(getpid() + 1));
  EXPECT_TRUE(take_passed_sockets(variables).value().empty());
}

TEST_F(ServiceManager, NonsenseIsRefused) {
  for (const char* count : {"", "x", "-1", "1x", "17", "99999999999999999999"}) {
    pass(count);
    const auto taken = take_passed_sockets(variables);
    ASSERT_FALSE(taken) << count;
    EXPECT_EQ(taken.error().code, Code::invalid_argument);
  }
  pass("1", "me");
  EXPECT_FALSE(take_passed_sockets(variables));
}

TEST_F(ServiceManager, TheVariablesAreForgotten) {
  for (const char* name : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "NOTIFY_SOCKET"})
    setenv(name, "0", 1);
  ASSERT_TRUE(take_passed_sockets(variables));
  const Notifier notifier(variables);
  for (const char* name : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "NOTIFY_SOCKET"})
    EXPECT_EQ(getenv(name), nullptr) << name;
}

struct NotifierTest : ServiceManager {
  // A manager that listens at `path`, "@" for a name that is no file.
  std::string heard(const std::string& path, const std::function<void(const Notifier&)>& speak) {
    const int manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (path[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    EXPECT_EQ(bind(manager, reinterpret_cast<const sockaddr*>(&address), size), 0) << strerror(errno);
    variables.values["NOTIFY_SOCKET"] = path;
    speak(Notifier(variables));
    std::array<char, 64> text;
    const auto got = recv(manager, text.data(), text.size(), MSG_DONTWAIT);
    close(manager);
    return got < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(got));
  }
};

TEST_F(NotifierTest, TheManagerIsTold) {
  const sigstore::fakes::TemporaryFolder folder;
  EXPECT_EQ(heard(folder.path() + "/notify", [](const auto& n) { n.ready(); }), "READY=1");
  EXPECT_EQ(heard("@cosign-test-" + std::to_string(getpid()), [](const auto& n) { n.stopping(); }),
            "STOPPING=1");
}

TEST_F(NotifierTest, NobodyToTellIsNoTrouble) {
  for (const std::string path : {"", "relative", "/nowhere/at/all", "vsock:2:1234"}) {
    variables.values["NOTIFY_SOCKET"] = path;
    Notifier(variables).ready();
  }
  variables.values["NOTIFY_SOCKET"] = "/" + std::string(500, 'x');
  Notifier(variables).ready();
}

}  // namespace
}  // namespace server::host
