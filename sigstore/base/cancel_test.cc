#include "sigstore/base/cancel.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>

namespace sigstore {
namespace {

bool readable(const Cancel& cancel) {
  pollfd polled = {cancel.descriptor(), POLLIN, 0};
  return poll(&polled, 1, 0) == 1;
}

TEST(Cancel, StaysSetForEveryWaiter) {
  Cancel cancel;
  EXPECT_FALSE(cancel.is_set());
  EXPECT_FALSE(readable(cancel));
  cancel.set();
  cancel.set();
  EXPECT_TRUE(cancel.is_set());
  EXPECT_TRUE(readable(cancel));
  EXPECT_TRUE(readable(cancel));
}

Cancel* from_handler = nullptr;

TEST(Cancel, MayBeSetBySignalHandler) {
  Cancel cancel;
  from_handler = &cancel;
  const auto before = std::signal(SIGUSR1, [](int) { from_handler->set(); });
  errno = EXDEV;
  std::raise(SIGUSR1);
  EXPECT_EQ(errno, EXDEV);
  std::signal(SIGUSR1, before);
  EXPECT_TRUE(cancel.is_set());
}

}  // namespace
}  // namespace sigstore
