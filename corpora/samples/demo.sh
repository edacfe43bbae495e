#!/bin/sh
# What `make demo` shows: real text through the shipped model, each command printed before it runs.
set -eu
cd "$(dirname "$0")"

show() {
    printf '\n$ %s\n' "$*"
    "$@"
}

printf '\n$ echo 他来到了网易杭研大厦 | cnchar segment\n'
echo 他来到了网易杭研大厦 | cnchar segment
show cnchar segment demo.txt
printf '\n$ echo women mingtian qu beijing kai hui | cnchar pinyin2hanzi\n'
echo women mingtian qu beijing kai hui | cnchar pinyin2hanzi
show cnchar clean --rules html,url,width,space,simplify demo.txt
show cnchar eval segment --gold demo.gold.txt --model fast
