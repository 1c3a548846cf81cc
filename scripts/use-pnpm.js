// Guards against `npm install` in the root: this is a pnpm workspace, and `npm start` does all the set-up.
if (!process.env.npm_config_user_agent?.startsWith('pnpm/')) {
  console.error("Crow's Nest is a pnpm workspace. Run `npm start`: it installs, builds and opens the page.");
  process.exit(1);
}
